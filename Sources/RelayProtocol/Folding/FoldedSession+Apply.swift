// How each word changes the state (protocol/PROTOCOL.md, "Folding"). Every event but `delta` says the new state, so saying it twice does no
// harm. What cannot be understood (a missing id, a list that is none) changes nothing, and nothing traps.

import Wire

extension FoldedSession {
    /// Folds the next event of the session's topic.
    public mutating func apply(_ event: Event) {
        guard event.kind.folds, let payload = try? JSON.parse(event.payload, depth: Limits.lineDepth) else { return }
        fold(event.kind, payload)
    }

    public mutating func apply(_ line: EventLine) { apply(line.event) }

    /// The same, of a payload that was scanned already. It is kept: give a `copied()` one, if what is around it is large.
    public mutating func apply(payload: JSONValue) {
        guard let type = payload["type"]?.string else { return }
        fold(EventKind(word: type), payload)
    }

    private mutating func fold(_ kind: EventKind, _ payload: JSONValue) {
        switch kind {
        case .session: replaceRow(payload["session"])
        case .sessionRemoved: isRemoved = true
        case .status: status = SessionStatus(payload: payload) ?? status
        case .turn: begin(Turn(payload: payload))
        case .message: if let message = payload["message"] { store.say(message) }
        case .messageRemoved: if let id = payload["id"]?.string { store.remove(id) }
        case .part: if let part = payload["part"] { store.sayPart(part) }
        case .partRemoved: if let id = payload["id"]?.string { store.removePart(id) }
        case .delta: append(payload)
        case .permission: permissions.upsert(payload["permission"])
        case .permissionClosed: permissions.remove(payload["id"])
        case .question: questions.upsert(payload["question"])
        case .questionClosed: questions.remove(payload["id"])
        case .tasks: replace(\.tasks, payload["tasks"])
        case .queue: replace(\.queue, payload["queue"])
        case .error: if let said = payload["error"], said.isObject { error = said }
        case .outage, .notice, .upstream, .entry, .entryRemoved, .plain: break
        }
    }

    private mutating func replaceRow(_ row: JSONValue?) {
        guard let row, row.isObject else { return }
        session = row
        isRemoved = row["gone"]?.bool == true
    }

    private mutating func begin(_ turn: Turn?) {
        guard let turn else { return }
        if turn.state == .started { error = nil }
        insert(turn)
    }

    mutating func insert(_ turn: Turn) {
        let place = turns.lastIndex { $0.number <= turn.number }
        if let place, turns[place].number == turn.number {
            turns[place] = turn
            return
        }
        turns.insert(turn, at: place.map { $0 + 1 } ?? 0)
    }

    private mutating func append(_ delta: JSONValue) {
        guard let part = delta["part"]?.string, let text = delta["text"]?.rawText, !text.isEmpty else { return }
        guard let field = FoldedPart.Field(rawValue: delta["field"]?.string ?? "text") else { return }
        store.append(text, toPart: part, field: field)
    }

    private mutating func replace(_ list: WritableKeyPath<FoldedSession, JSONValue?>, _ value: JSONValue?) {
        guard let value, value.isArray else { return }
        self[keyPath: list] = value
    }
}

extension [FoldedCard] {
    fileprivate mutating func upsert(_ card: JSONValue?) {
        guard let card, let id = card["id"]?.string else { return }
        if let place = firstIndex(where: { $0.id.isSameID(as: id) }) {
            self[place].object = card
        } else {
            append(FoldedCard(id: id, object: card))
        }
    }

    fileprivate mutating func remove(_ id: JSONValue?) {
        guard let id = id?.string else { return }
        removeAll { $0.id.isSameID(as: id) }
    }
}

extension EventKind {
    /// Whether an event of this word can change a session's state.
    public var folds: Bool {
        switch self {
        case .outage, .notice, .upstream, .entry, .entryRemoved, .plain: false
        default: true
        }
    }
}
