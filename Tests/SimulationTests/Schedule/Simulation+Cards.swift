// People who are asked: they answer cards, two of them at a time and with different words, stop what asks, and say what they said again.
// All that is drawn here comes from a generator of its own: where nobody is asked a seed is the schedule that it always was.

import RelayProtocol

@testable import ScriptedOpenCode
@testable import Sessions

/// A card as the log has it.
struct OpenCard {
    let session: String
    let id: String
    let isPermission: Bool
}

extension Simulation {
    /// Prompts that make the model ask.
    private static let askingWords = ["change it", "change both", "put a question"]
    private static let people = ["owner", "guest"]

    func disturbCards(_ openCode: OpenCodeModel) {
        switch cards.number(0...99) {
        case 0..<40: answerCard()
        case 40..<48: answerDirectly(openCode)
        case 48..<75: askForCards(openCode)
        case 75..<88: stopWhatRuns()
        default: sayAgain()
        }
    }

    var openCards: [OpenCard] {
        let sessions = durable.topics.filter { $0.key.kind == .session }.sorted { $0.key.text < $1.key.text }
        return sessions.flatMap { name, topic in
            topic.fold.permissions.map { OpenCard(session: name.text, id: $0.id, isPermission: true) }
                + topic.fold.questions.map { OpenCard(session: name.text, id: $0.id, isPermission: false) }
        }
    }

    // Replies.

    private func answerCard() {
        guard let card = cards.pick(openCards) else { return }
        let ask = reply(to: card)
        give(ask, in: card.session, by: Self.people[0])
        guard cards.chance(perMille: 300) else { return }
        give(otherReply(to: card, than: ask), in: card.session, by: Self.people[1])
    }

    private func reply(to card: OpenCard) -> CommandRequest.Ask {
        let kind = cards.number(0...9)
        guard card.isPermission else { return .question(id: card.id, answer: kind < 7 ? answer() : nil) }
        switch kind {
        case 0..<5: return .permission(id: card.id, reply: "once", message: nil)
        case 5: return .permission(id: card.id, reply: "always", message: nil)
        case 6, 7: return .permission(id: card.id, reply: "reject", message: nil)
        default: return .permission(id: card.id, reply: "reject", message: "rather not \(asked)")
        }
    }

    /// No two answers have the same words.
    private func answer() -> [UInt8] { Array(#"{"q0":"answer \#(asked)"}"#.utf8) }

    private func otherReply(to card: OpenCard, than first: CommandRequest.Ask) -> CommandRequest.Ask {
        guard card.isPermission else { return .question(id: card.id, answer: answer()) }
        return .permission(id: card.id, reply: CardReply(first)?.isNo == true ? "once" : "reject", message: nil)
    }

    private func give(_ ask: CommandRequest.Ask, in session: String, by person: String) {
        asked += 1
        let id = "c\(asked)"
        replies[id] = CardReply(ask)
        askings.append(RetriedCommand(request: CommandRequest(session: session, id: CommandID(id), by: person, ask: ask)))
    }

    private func answerDirectly(_ openCode: OpenCodeModel) {
        now += 1
        guard let card = cards.pick(openCode.agent.openCards.keys.sorted()) else { return }
        asked += 1
        let word = card.hasPrefix("per") ? cards.pick(["once", "reject"]) ?? "once" : "by hand \(asked)"
        openCode.replyDirectly(card, word, now)
    }

    /// At the end nothing waits for a person any more. Who is told that it was answered does not ask at once again.
    func answerWhatIsOpen() {
        guard askings.isEmpty, let disk = life?.log.disk else { return }
        let underWay = Set(disk.commands.filter { !$0.state.isFinal }.compactMap(\.target))
        guard let card = openCards.first(where: { !underWay.contains($0.id) && answeredAt[$0.id].map { $0 + 60_000 < now } ?? true }) else {
            return
        }
        answeredAt[card.id] = now
        let ask: CommandRequest.Ask =
            card.isPermission ? .permission(id: card.id, reply: "once", message: nil) : .question(id: card.id, answer: answer())
        give(ask, in: card.session, by: Self.people[0])
    }

    // What asks, what stops, what comes again.

    private func askForCards(_ openCode: OpenCodeModel) {
        let words = cards.pick(Self.askingWords) ?? ""
        if cards.chance(perMille: 250), let session = cards.pick(openCode.agent.sessionIDs) {
            asked += 1
            now += 1
            return openCode.promptDirectly(session, "by hand \(asked): \(words)", now)
        }
        guard let session = cards.pick(sessions) else {
            now += 1
            return openCode.createDirectly(now)
        }
        give(.prompt(parts: Array(#"[{"type":"text","text":"\#(words)"}]"#.utf8), agent: nil, model: nil), in: session, by: Self.people[0])
    }

    private func stopWhatRuns() {
        let disk = durable
        guard let session = cards.pick(sessions.filter { disk.fold($0)?.openTurn != nil }) else { return }
        let turn = disk.fold(session)?.openTurn?.number
        give(.stop(turn: cards.chance(perMille: 500) ? turn : nil), in: session, by: Self.people[0])
        if cards.chance(perMille: 300) { give(.stop(turn: turn), in: session, by: Self.people[1]) }
    }

    /// A command that was taken long ago comes again under its id, as it was or as something else.
    private func sayAgain() {
        let asking = Set(askings.compactMap(\.request.id))
        guard var request = cards.pick(accepted.filter { request in request.id.map { !asking.contains($0) } ?? false }) else { return }
        let isOther = request.session != nil && cards.chance(perMille: 250)
        if isOther { request.ask = .stop(turn: 1_000_000) }
        askings.append(RetriedCommand(request: request, isConflict: isOther))
    }
}
