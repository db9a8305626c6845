// Where a reader wants to go on, and whether the log can serve that.

import RelayProtocol

/// What a subscriber presents.
public enum ResumePoint: Sendable, Equatable {
    case none
    case earliest
    /// As it came, whatever it is.
    case text([UInt8])
}

/// The log's judgement of a resume point (the table of the design's section 5 says what a subscriber is told).
public enum Resume: Sendable, Equatable {
    /// Everything after this position is there.
    case exact(after: Position)
    /// The position was valid, but something after it was removed; `before` is the position to read on from.
    case removed(before: Position)
    /// Not a position of this topic: malformed, of a foreign epoch, past the end.
    case invalid(reason: String, before: Position)
}

/// A topic as a read transaction sees it.
public struct TopicState: Sendable, Equatable {
    public var number: Int64
    /// The last event's position; the origin if there is none.
    public var head: Position
    /// The highest offset that was ever removed; 0 if none was.
    public var removedThrough: UInt64
    public var timestamp: Int64
    /// How many events there were, removed ones included.
    public var count: Int64
}

/// Consecutive lines of a topic, at least one unless there are none.
public struct LinePage: Sendable {
    /// Event lines, each ending in LF.
    public var bytes: [UInt8] = []
    /// Where each line ends in `bytes`.
    public var ends: [Int32] = []
    public var offsets: [UInt64] = []
    /// The last line's position, or where the reader stood.
    public var last: Position
    /// Nothing is behind these lines (yet).
    public var isLast = true

    public var count: Int { ends.count }
}
