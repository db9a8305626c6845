// The virtual clock's agenda. Nothing waits: the time jumps to what is next.

struct Timers {
    private var entries: [(at: Int64, number: Int, body: () -> Void)] = []
    private var last = 0

    var next: Int64? { entries.first?.at }

    mutating func add(at time: Int64, _ body: @escaping () -> Void) {
        last += 1
        let place = entries.lastIndex { $0.at <= time }.map { $0 + 1 } ?? 0
        entries.insert((time, last, body), at: place)
    }

    mutating func takeFirst() -> (at: Int64, body: () -> Void)? {
        guard !entries.isEmpty else { return nil }
        let first = entries.removeFirst()
        return (first.at, first.body)
    }
}
