// Where a reader wants to go on, and whether the log can serve that.

import RelayProtocol

/// What a subscriber presents.
public enum ResumePoint: Sendable, Equatable {
    case none
    case earliest
    /// As it came, whatever it is.
    case text([UInt8])
}

/// The log's judgement of a resume point (the table of the design's section 5 says what a subscriber is told). `before` is where what is
/// kept begins: every kept event is after it, and it is a valid position to read on from.
public enum Resume: Sendable, Equatable {
    /// Everything after this position is there.
    case exact(after: Position)
    /// The position was valid, but something after it was removed (`compacted`).
    case removed(before: Position)
    /// Not a position of this topic: `malformed`, of a foreign `epoch`, past the end.
    case invalid(reason: ControlLine.Reason, before: Position)
}
