import RelayProtocol

/// Consecutive lines of a topic behind an offset, at least one unless there are none.
public struct LinePage: Sendable {
    /// Event lines, each ending in LF.
    public var bytes: [UInt8]
    /// Where each line ends in `bytes`.
    public var ends: [Int32]
    public var offsets: [UInt64]
    /// The last line's position; the topic's head if there are no lines.
    public var last: Position
    /// Nothing is behind these lines (yet).
    public var isLast: Bool

    public var count: Int { ends.count }

    init(_ builder: PageBuilder, last: Position) {
        (bytes, ends, offsets) = (builder.bytes, builder.ends, builder.offsets)
        isLast = !builder.isFull
        self.last = last
    }
}
