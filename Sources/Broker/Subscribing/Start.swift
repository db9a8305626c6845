// A subscribe that was judged: the lines that it begins with, and where the events go on.

import RelayProtocol

public struct Start: Sendable, Equatable {
    public struct Line: Sendable, Equatable {
        /// A control line, LF included.
        public var bytes: [UInt8]
        /// What the reader of an event stream keeps; nil leaves what it has.
        public var id: Position?

        public init(_ bytes: [UInt8], id: Position? = nil) { (self.bytes, self.id) = (bytes, id) }
    }

    public var lines: [Line]
    /// Events follow on this position.
    public var begin: Position
    /// The highest offset that was removed when this was judged: what was removed since then must be told.
    public var removedThrough: UInt64
    /// The topic's number in the log; nil while it does not exist.
    public var lineage: Int64?

    public init(lines: [Line], begin: Position, removedThrough: UInt64, lineage: Int64?) {
        (self.lines, self.begin, self.removedThrough, self.lineage) = (lines, begin, removedThrough, lineage)
    }
}
