// What a session's events fold to. Bytes stay bytes: a part's text is the inside of a JSON string, deltas are appended to it escaped as
// they came, and a surrogate pair that two deltas brought in halves is whole again when somebody decodes it.

import Wire

/// A session's state at a position, or as much of it as somebody holds (the newest messages).
public struct FoldedSession: Sendable {
    /// The row, nil before the first `session` event.
    public var session: JSONValue?
    /// `session.removed` was said and nothing since, or the row says `gone`.
    public var isRemoved = false
    public var status = SessionStatus.idle
    /// By number.
    public var turns: [Turn] = []
    /// In order (`created`, `id`); what is set is put in order.
    public var messages: [FoldedMessage] {
        get { store.messages }
        set { store = FoldedMessages(newValue) }
    }
    /// Open cards, in the order in which they were asked.
    public var permissions: [FoldedCard] = []
    public var questions: [FoldedCard] = []
    /// JSON arrays.
    public var tasks: JSONValue?
    public var queue: JSONValue?
    /// The last error that no turn and no message carries; a turn's start clears it.
    public var error: JSONValue?

    var store = FoldedMessages()

    public init() {}
}
