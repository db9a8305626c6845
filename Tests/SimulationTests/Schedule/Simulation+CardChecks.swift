// P7, of replies and stops: what reaches OpenCode is under way in the log, what is told as done has happened, what is settled stays, and
// the log says once, and rightly, how a card was closed.

import OpenCode
import RelayProtocol
import Wire

@testable import EventLog
@testable import Sessions

extension Simulation {
    // What goes to OpenCode.

    /// No tool is let run that a stop has ended, when the stop has gone out: in 1.18 it would run all the same.
    func goesOut(_ request: UpstreamRequest, to openCode: OpenCodeModel) {
        let reply = type(of: openCode.agent).reply(request.method, request.target, request.body.flatMap { try? JSON.parse($0) })
        guard let (card, said) = reply, ["once", "always"].contains(said.verb) else { return }
        let commands = durable.commands
        guard let place = commands.lastIndex(where: { $0.target == card && $0.state == .sent && replies[$0.key.id] == said }) else { return }
        let session = commands[place].key.session
        guard let stop = commands[place...].first(where: { $0.kind == .stop && $0.key.session == session && $0.state == .sent }) else { return }
        report("P7: \(commands[place].key.id) lets a tool run that \(stop.key.id), accepted after it, has stopped")
    }

    func arrived(_ request: UpstreamRequest, at openCode: OpenCodeModel) {
        let commands = durable.commands
        let agent = type(of: openCode.agent)
        if let (card, said) = agent.reply(request.method, request.target, request.body.flatMap { try? JSON.parse($0) }) {
            checkReply(card, said, commands)
        }
        if let session = agent.stopped(request.method, request.target) { checkStop(session, openCode, commands) }
    }

    /// What must survive a crash is committed before the request that depends on it goes out; what is settled sends nothing.
    private func checkReply(_ card: String, _ said: CardReply, _ commands: [CommandRow]) {
        let underWay = commands.filter { $0.state == .sent }
        if underWay.contains(where: { $0.target == card && replies[$0.key.id] == said }) { return }
        // 1.18: a stop declines what the run had asked.
        if said.declines, underWay.contains(where: { $0.kind == .stop }) { return }
        report("P7: \(said.verb) reaches OpenCode for \(card), and no command for it is under way")
    }

    /// It never hits a turn of a prompt that was accepted after it.
    private func checkStop(_ session: String, _ openCode: OpenCodeModel, _ commands: [CommandRow]) {
        let newest = commands.lastIndex { $0.kind == .stop && $0.key.session == session && $0.state == .sent }
        guard let newest else { return report("P7: a stop of \(session) reaches OpenCode, and none is under way") }
        let running = openCode.agent.running(session)
        for later in commands[newest...] where later.kind == .prompt && later.identifiers.first.map({ running.contains($0) }) == true {
            report("P7: the stop \(commands[newest].key.id) hits the turn of \(later.key.id), which was accepted after it")
        }
    }

    // What is committed.

    func checkCommits(_ before: Disk, _ after: Disk, _ openCode: OpenCodeModel) {
        for (place, row) in after.commands.enumerated() {
            let known = place < before.commands.count ? before.commands[place] : nil
            if let known, known.state.isFinal {
                if known != row { report("P7: the command \(row.key.id) was settled as \(known.state), and is \(row.state) now") }
                continue
            }
            if known == nil, row.kind == .stop { toStop[row.key.id] = running(of: row, after, openCode) }
            if row.state.isFinal { checkOutcome(row, after, openCode) }
        }
    }

    /// Of the turn and the prompt that a stop is for, what runs in OpenCode.
    private func running(of stop: CommandRow, _ disk: Disk, _ openCode: OpenCodeModel) -> Set<String> {
        let turn = disk.fold(stop.key.session)?.turns.first { $0.number == stop.stored?.turn }
        let meant = (turn?.prompts ?? []) + [stop.stored?.prompt].compactMap { $0 }
        return Set(openCode.agent.running(stop.key.session)).intersection(meant)
    }

    private func checkOutcome(_ row: CommandRow, _ disk: Disk, _ openCode: OpenCodeModel) {
        switch (row.kind, row.state) {
        case (.stop, .done):
            let still = (toStop[row.key.id] ?? []).intersection(openCode.agent.running(row.key.session))
            if !still.isEmpty { report("P7: the stop \(row.key.id) is done, and what it was for runs still: \(still.sorted())") }
        case (.permission, .done), (.question, .done): checkDone(row, disk, openCode)
        case (.permission, .refused), (.question, .refused):
            if row.answer(isReplay: false).problem?.code == .alreadyAnswered, let card = row.target, openCode.agent.openCards[card] != nil {
                report("P7: the reply \(row.key.id) came too late, and \(card) waits still")
            }
        default: break
        }
    }

    /// The card was closed by what this command said. (A plain no has its end as well where the turn was ended so by somebody else, or by a
    /// death: the same is right for all.)
    private func checkDone(_ row: CommandRow, _ disk: Disk, _ openCode: OpenCodeModel) {
        guard let card = row.target, let said = replies[row.key.id] else { return }
        let answer = openCode.answered[card]
        if said.declines, answer?.said.isNo ?? true { return }
        if answer?.isOurs != true || answer?.said != said {
            report("P7: \(row.key.id) has answered \(card) with \(said), and OpenCode took \(answer.map { "\($0.said)" } ?? "nothing")")
        }
        if disk.commands.count(where: { $0.target == card && $0.state == .done }) > 1 { report("P7: \(card) was answered by two") }
    }

    /// What is wrong with an event about a card, of a session as it was before.
    func cardFault(_ event: Event, _ fold: FoldedSession, _ disk: Disk, _ openCode: OpenCodeModel) -> String? {
        guard let id = event.id else { return nil }
        switch event.kind {
        case .permission, .question: return closedCards[id] == nil ? nil : "P5: \(id) was closed, and is asked again"
        default:
            guard let said = CardReply(closing: event) else { return nil }
            defer { closedCards[id] = said.verb }
            let isOpen = (fold.permissions + fold.questions).contains { $0.id == id }
            // A read knows only that it is gone; a frame that was held meanwhile knows what became of it.
            guard isOpen || closedCards[id] == "withdrawn" && said.verb != "withdrawn" else {
                return "P5: \(id) is told as \(said.verb), and was told as \(closedCards[id] ?? "nothing")"
            }
            return said.verb == "withdrawn" ? nil : closingFault(said, event.by, id, disk, openCode.answered[id])
        }
    }

    private func closingFault(
        _ said: CardReply, _ person: String?, _ id: String, _ disk: Disk, _ answer: AnsweredCards.Answer?
    ) -> String? {
        let isRight =
            switch said.verb {
            // A form that goes with its run is told as one that was dismissed.
            case "rejected": answer?.said.verb != "answered"
            case "answered": answer?.said == said
            default: answer?.said.verb == said.verb
            }
        guard isRight else { return "P7: \(id) is told as \(said), and OpenCode took \(answer.map { "\($0.said)" } ?? "nothing")" }
        guard let person else { return nil }
        let isTheirs = disk.commands.contains { $0.target == id && $0.key.by == person && replies[$0.key.id] == answer?.said }
        return isTheirs ? nil : "P7: \(id) is told as answered by \(person), who has not said \(said.verb)"
    }

    // At the end.

    func checkCards(_ session: String, _ openCode: OpenCodeModel, _ fold: FoldedSession) {
        let open = Set((fold.permissions + fold.questions).map(\.id))
        let asked = Set(openCode.agent.openCards.filter { $0.value == session }.keys)
        if open != asked { report("P5: \(session) asks \(asked.sorted()), the log says \(open.sorted())") }
    }
}
