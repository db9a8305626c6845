// What is published to a topic: a word, the id of the object that it is about, and the payload's bytes. From the adapter (or the
// publisher) to the log and the wire the bytes are never decoded again; word and id are all that the writer looks at.

/// The words of a session's log (`type` of an event), and `plain` for what was published to a plain topic.
public enum EventKind: String, Sendable, Hashable, CaseIterable {
    case session, sessionRemoved = "session.removed", status, turn, message, messageRemoved = "message.removed"
    case part, partRemoved = "part.removed", delta, permission, permissionClosed = "permission.closed"
    case question, questionClosed = "question.closed", tasks, queue, error, outage, notice, upstream
    case entry, entryRemoved = "entry.removed"
    case plain
}

/// Where an event came from when it did not come live.
public enum EventOrigin: String, Sendable, Hashable {
    case heal, `import`
}

/// An event before it has a position.
public struct Event: Sendable, Equatable {
    public var kind: EventKind
    /// The id of the object: of the part for `part` and `delta`, of the message, the card, the turn's number; nil where there is none.
    public var id: String?
    /// One JSON value without CR or LF. For every kind but `plain` an object that begins with `"type"`.
    public var payload: [UInt8]
    /// Who caused it: `"owner"` today; nil where nobody here did.
    public var by: String?
    public var origin: EventOrigin?

    public init(_ kind: EventKind, id: String? = nil, payload: [UInt8], by: String? = nil, origin: EventOrigin? = nil) {
        self.kind = kind
        self.id = id
        self.payload = payload
        self.by = by
        self.origin = origin
    }
}
