// The way back: a state that somebody was given (the body of `GET /v1/sessions/{id}`, a snapshot's `state`), to fold on from.

import Wire

extension FoldedSession {
    /// The state that an answer holds. Events above its `position` can be folded onto it.
    public init(state: JSONValue) {
        session = state["session"]
        isRemoved = session?["gone"]?.bool == true
        status = state["status"].flatMap(SessionStatus.init(payload:)) ?? .idle
        for turn in (state["turns"]?.items ?? []).compactMap(Turn.init(payload:)) { insert(turn) }
        permissions = Self.cards(state["permissions"])
        questions = Self.cards(state["questions"])
        tasks = state["tasks"]
        queue = state["queue"]
        error = state["error"]
        messages = Self.messages(state)
    }

    /// The messages of an answer, of a page of older ones too.
    public static func messages(_ answer: JSONValue) -> [FoldedMessage] {
        (answer["messages"]?.items ?? []).compactMap(FoldedMessage.init(answered:))
    }

    private static func cards(_ list: JSONValue?) -> [FoldedCard] {
        (list?.items ?? []).compactMap { card in card["id"]?.string.map { FoldedCard(id: $0, object: card) } }
    }
}

extension FoldedMessage {
    fileprivate init?(answered message: JSONValue) {
        let bytes = JSONWriter.object { writer in
            for (key, value) in message.members where key != "parts" && key != "order" {
                writer.key(named: key)
                writer.raw(value.raw)
            }
        }
        guard let object = try? JSON.parse(bytes, depth: Limits.lineDepth), let id = object["id"]?.string else { return nil }
        let parts = (message["parts"]?.items ?? []).compactMap { part in part["id"]?.string.map { FoldedPart(id: $0, object: part) } }
        let order = (message["order"]?.items ?? []).compactMap(\.string)
        self.init(id: id, created: object["created"]?.int ?? 0, object: object, parts: parts, order: order)
    }
}
