// How many rows a page is asked for: half as many where an answer is too large, twice as many again behind it.

struct PageLimit: Sendable {
    private let largest: Int
    private(set) var rows: Int

    init(_ largest: Int) { (self.largest, rows) = (largest, largest) }

    /// False when it is as small as it may be.
    mutating func shrink(to least: Int = 1) -> Bool {
        guard rows > least else { return false }
        rows = max(rows / 2, least)
        return true
    }

    mutating func grow() { rows = min(rows * 2, largest) }
}
