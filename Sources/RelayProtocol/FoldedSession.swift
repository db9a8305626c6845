// What a session's events fold to. Bytes stay bytes: a part's text is the inside of a JSON string, deltas are appended to it escaped as
// they came, and a surrogate pair that two deltas brought in halves is whole again when somebody decodes it.

import Wire

/// A session's state at a position.
public struct FoldedSession: Sendable {
    /// The row, nil before the first `session` event.
    public var session: JSONValue?
    /// `session.removed` was said and nothing since.
    public var isRemoved = false
    public var status = SessionStatus.idle
    public var turns: [Turn] = []
    /// In order (`created`, `id`).
    public var messages: [FoldedMessage] = []
    /// Open cards, in the order in which they were asked.
    public var permissions: [FoldedCard] = []
    public var questions: [FoldedCard] = []
    /// JSON arrays.
    public var tasks: JSONValue?
    public var queue: JSONValue?
    /// The last error that no turn and no message carries; a turn's start clears it.
    public var error: JSONValue?

    public init() {}
}

public struct FoldedMessage: Sendable {
    public var id: String
    /// As it was first said.
    public var created: Int
    /// As it was last said, `created` kept, without `parts`.
    public var object: JSONValue
    /// In order.
    public var parts: [FoldedPart]

    public init(id: String, created: Int, object: JSONValue, parts: [FoldedPart] = []) {
        self.id = id
        self.created = created
        self.object = object
        self.parts = parts
    }
}

public struct FoldedPart: Sendable {
    public var id: String
    /// As it was last said.
    public var object: JSONValue
    /// What deltas appended since to `text`, `raw` and `output`: insides of JSON strings.
    public var text: [UInt8] = []
    public var raw: [UInt8] = []
    public var output: [UInt8] = []

    public init(id: String, object: JSONValue) {
        self.id = id
        self.object = object
    }
}

public struct FoldedCard: Sendable {
    public var id: String
    public var object: JSONValue

    public init(id: String, object: JSONValue) {
        self.id = id
        self.object = object
    }
}
