// When each subscriber of a server that goes away is to come back: everyone at a time of its own, so that they do not return as a herd. Loops
// do not know each other's subscribers, so each has every so-many-th slot.

struct DrainSlots {
    /// A restart takes about so long; nobody comes sooner.
    private static let firstMilliseconds = 500
    /// Nobody is sent away for longer than this, however many there are.
    private static let spreadMilliseconds = 30_000
    private static let mostMilliseconds = 20

    private let loop: Int
    private let loops: Int
    private let subscribers: Int
    private var given = 0

    init(loop: Int, loops: Int, subscribers: Int) {
        (self.loop, self.loops, self.subscribers) = (loop, loops, subscribers)
    }

    mutating func next() -> Int {
        let slot = given * loops + loop
        given += 1
        let all = max(1, subscribers * loops)
        return Self.firstMilliseconds + min(slot * Self.mostMilliseconds, slot * Self.spreadMilliseconds / all)
    }
}
