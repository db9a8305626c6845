// How much of a session's text is only in the log: the deltas after `through`, which no row has yet. A pure count; it decides when the
// writer folds them in, so that a reader never has much to add and a long answer is not rewritten at each word.

/// What is behind the rows of one session.
struct PendingDeltas: Sendable, Equatable {
    /// Text that readers add per read, and how often a growing part is rewritten.
    static let foldBytes = 64 * 1024
    /// What a reader must walk over to find it, other events included.
    static let walkBytes = 256 * 1024

    /// Every delta up to this offset is in a row (or was for nothing).
    private(set) var through: UInt64
    private var bytes: [String: Int] = [:]
    private var walked = 0

    init(through: UInt64) { self.through = through }

    var isEmpty: Bool { bytes.isEmpty }
    var isDue: Bool { walked > Self.walkBytes || bytes.values.reduce(0, +) > Self.foldBytes }

    mutating func heard(delta part: String, bytes count: Int) {
        bytes[part, default: 0] += count
        walked += count
    }

    /// Another event's bytes stand between the deltas.
    mutating func passed(bytes count: Int) {
        if !bytes.isEmpty { walked += count }
    }

    /// The part was said whole: what was heard of it before is in that.
    mutating func settled(part: String) { bytes[part] = nil }

    /// All events up to `offset` are known here: without a delta waiting, the rows are as far.
    mutating func reached(_ offset: UInt64) {
        if bytes.isEmpty { folded(through: offset) }
    }

    mutating func folded(through offset: UInt64) {
        self = PendingDeltas(through: offset)
    }
}
