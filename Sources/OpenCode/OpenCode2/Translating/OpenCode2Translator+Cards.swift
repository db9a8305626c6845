// Permissions and questions. 2.x drops them without a word when a run ends, so the turn's end withdraws what is left.

import RelayProtocol
import Wire

extension OpenCode2Translator {
    mutating func permissionAsked(_ request: JSONValue) {
        guard let id = request["id"]?.string else { return }
        ask(CardRead(id: id, object: OpenCode2Words.permission(request)), in: \.permissions, Event.permission)
    }

    mutating func formCreated(_ form: JSONValue) {
        guard let id = form["id"]?.string else { return }
        ask(CardRead(id: id, object: OpenCode2Words.question(form)), in: \.questions, Event.question)
    }

    mutating func ask(
        _ card: CardRead, in cards: WritableKeyPath<OpenCode2Translator, [OpenCode2Card]>, _ event: (String, [UInt8]) -> Event
    ) {
        let print = Fingerprint(card.object)
        if let place = self[keyPath: cards].firstIndex(where: { $0.id == card.id }) {
            guard self[keyPath: cards][place].said != print else { return }
            self[keyPath: cards][place].said = print
        } else {
            self[keyPath: cards].append(OpenCode2Card(id: card.id, said: print))
        }
        say(event(card.id, card.object))
    }

    mutating func permissionReplied(_ data: JSONValue) {
        let reply = (data["reply"] ?? data["decision"])?.string ?? "once"
        if reply == "reject", run.mayEnd { run.isDeclined = true }
        guard let id = (data["requestID"] ?? data["id"])?.string, close(id, in: \.permissions) else { return }
        say(.permissionClosed(id, reply: reply))
    }

    mutating func formClosed(_ data: JSONValue, isAnswered: Bool) {
        if !isAnswered, run.mayEnd { run.isDeclined = true }
        guard let id = (data["id"] ?? data["formID"])?.string, close(id, in: \.questions) else { return }
        say(.questionClosed(id, outcome: isAnswered ? "answered" : "rejected", answer: isAnswered ? data["answer"].bytes : nil))
    }

    /// Whether its answer is to be said: also when a read has withdrawn it, which knows less than the frame that it held.
    private mutating func close(_ id: String, in cards: WritableKeyPath<OpenCode2Translator, [OpenCode2Card]>) -> Bool {
        guard let place = self[keyPath: cards].firstIndex(where: { $0.id == id }) else { return withdrawnByRead.remove(id) != nil }
        self[keyPath: cards].remove(at: place)
        return true
    }

    /// Ids of those that are open.
    var openCards: Set<String> { Set(permissions.map(\.id) + questions.map(\.id)) }

    /// Those that are not among `listed`.
    mutating func withdrawCards(besides listed: Set<String> = []) {
        for card in permissions where !listed.contains(card.id) { say(.permissionClosed(card.id, reply: "withdrawn")) }
        for card in questions where !listed.contains(card.id) { say(.questionClosed(card.id, outcome: "withdrawn")) }
        permissions.removeAll { !listed.contains($0.id) }
        questions.removeAll { !listed.contains($0.id) }
    }
}
