// How many streams each slice has: slots are dealt to the slices in turn, and so are the places in time.

struct HeartbeatSlices {
    static let count = 16

    private var streams = Array(repeating: 0, count: Self.count)

    mutating func add(_ slot: Int) { streams[slot % Self.count] += 1 }
    mutating func remove(_ slot: Int) { streams[slot % Self.count] -= 1 }

    /// The next place whose slice has somebody.
    func nextPlace(after place: Int) -> Int? {
        (place + 1...place + Self.count).first { streams[$0 % Self.count] > 0 }
    }
}
