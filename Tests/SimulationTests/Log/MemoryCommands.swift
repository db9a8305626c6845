// Commands in the disk of the simulation: the command service's and the runner's store over the log in memory.

import EventLog
import RelayProtocol
import Wire

@testable import Sessions

struct MemoryCommands: CommandStore {
    let requests: SimulatedMailbox<MemoryRequest>
    let jobs: SimulatedMailbox<MemoryJob>
    /// On purpose: a restart takes up replies that are settled.
    var repeatsReplies = false

    func take(_ intake: CommandIntake, _ done: @escaping @Sendable (CommandIntake.Outcome?) -> Void) {
        requests.post(
            .perform { transaction, epochs in
                let disk = transaction.disk
                let decision = intake.decide(known: disk.command(intake.key), now: transaction.now) {
                    intake.request.session.flatMap { disk.facts($0, for: intake.request.ask, now: transaction.now) }
                }
                if let row = decision.row { transaction.disk.commands.append(row) }
                if let event = decision.event { transaction.append(settled: event, epochs: &epochs) }
                return { error in done(error == nil ? decision.outcome : nil) }
            })
    }

    func change(_ key: CommandKey, _ change: CommandChange, notice: Append?, _ done: @escaping @Sendable (_ succeeded: Bool) -> Void) {
        let repeatsReplies = repeatsReplies
        requests.post(
            .perform { transaction, epochs in
                transaction.disk.change(key, change, now: transaction.now, keepsReplies: repeatsReplies)
                if let notice { transaction.append(settled: notice, epochs: &epochs) }
                if let event = transaction.disk.statusAfter(change, of: key), let topic = TopicName(key.session) {
                    transaction.append(settled: Append(topic: topic, events: [event]), epochs: &epochs)
                }
                return { error in done(error == nil) }
            })
    }

    func find(_ key: CommandKey, _ done: @escaping @Sendable (Result<CommandRow?, Problem>) -> Void) {
        jobs.post { disk, _ in
            let row = disk.command(key)
            return { done(.success(row)) }
        }
    }

    func undecided(_ done: @escaping @Sendable ([CommandRow]?) -> Void) {
        let repeatsReplies = repeatsReplies
        jobs.post { disk, _ in
            let rows = disk.commands.filter { !$0.state.isFinal || repeatsReplies && $0.stored != nil }
            return { done(rows) }
        }
    }

    func target(of stop: StoredCommand, _ done: @escaping @Sendable (StopTarget?) -> Void) {
        jobs.post { disk, now in
            let target = disk.target(of: stop, now: now)
            return { done(target) }
        }
    }
}

extension Disk {
    func command(_ key: CommandKey) -> CommandRow? { commands.first { $0.key == key } }
    func fold(_ session: String) -> FoldedSession? { TopicName(session).flatMap { topics[$0]?.fold } }

    /// As the row of the table is changed.
    fileprivate mutating func change(_ key: CommandKey, _ change: CommandChange, now: Int64, keepsReplies: Bool) {
        guard let place = commands.firstIndex(where: { $0.key == key }) else { return }
        commands[place].state = change.state
        commands[place].checkpoint = change.state.isFinal ? nil : change.checkpoint
        commands[place].result = change.result
        commands[place].updated = now
        if change.state.isFinal, !keepsReplies || commands[place].target == nil { commands[place].stored = nil }
    }

    fileprivate func statusAfter(_ change: CommandChange, of key: CommandKey) -> Event? {
        guard command(key)?.kind == .stop else { return nil }
        return change.statusAfterStop(fold(key.session)?.status.name)
    }

    /// What a judgement needs to know of a session.
    fileprivate func facts(_ session: String, for ask: CommandRequest.Ask, now: Int64) -> SessionFacts? {
        guard let fold = storedFold(session) else { return nil }
        var facts = SessionFacts(id: session, directory: fold.directory)
        facts.isGone = fold.isRemoved
        facts.isIdle = fold.status == .idle
        facts.openTurn = fold.newestOpenTurn?.number
        facts.newestTurn = fold.turns.last?.number
        if let prompt = newestPrompt(of: session) {
            facts.take(prompt, isTakenUp: !turns(of: prompt.message, fold).isEmpty, now: now)
        }
        if let card = ask.card { facts.card = cardFacts(card.kind, card.id, fold, session) }
        return facts
    }

    /// What a stop has still to stop.
    fileprivate func target(of stop: StoredCommand, now: Int64) -> StopTarget {
        guard let session = stop.session, let fold = storedFold(session) else { return StopTarget() }
        return StopTarget(
            stop, turnsOfPrompt: turns(of: stop.prompt, fold), open: fold.newestOpenTurn?.number, isIdle: fold.status == .idle,
            newest: newestPrompt(of: session), now: now)
    }

    private func turns(of prompt: String?, _ fold: FoldedSession) -> [Int] {
        prompt.map { prompt in fold.turns.filter { $0.prompts.contains(prompt) }.map(\.number) } ?? []
    }

    /// The one that was accepted last.
    private func newestPrompt(of session: String) -> NewestPrompt? {
        commands.last { $0.key.session == session && $0.kind == .prompt && $0.state != .refused }.map {
            NewestPrompt(state: $0.state, identifiers: $0.identifiers, result: $0.result, updated: $0.updated)
        }
    }

    private func cardFacts(_ kind: CardKind, _ id: String, _ fold: FoldedSession, _ session: String) -> CardFacts? {
        guard let card = (kind == .permission ? fold.permissions : fold.questions).first(where: { $0.id == id }) else { return nil }
        let asked = card.object["session"]?.string ?? session
        let own = storedFold(asked)
        let replies = commands.filter { $0.kind == (kind == .permission ? .permission : .question) && $0.target == id }
        return CardFacts(
            session: asked, directory: own?.directory ?? fold.directory,
            ancestors: ancestors(from: own == nil ? session : own?.parent),
            prompts: own?.newestOpenTurn?.prompts ?? [],
            hasReply: replies.contains { [.accepted, .sent, .done].contains($0.state) })
    }

    private func ancestors(from parent: String?) -> [String] {
        var found: [String] = []
        var next = parent
        while let id = next, found.count < 32, let fold = storedFold(id) {
            found.append(id)
            next = fold.parent
        }
        return found
    }

    private func storedFold(_ session: String) -> FoldedSession? {
        TopicName(session).flatMap { topics[$0] }.flatMap { $0.hasRow ? $0.fold : nil }
    }
}

extension FoldedSession {
    var openTurn: Turn? { turns.last { $0.state == .started } }
    /// The one that a command is judged by.
    fileprivate var newestOpenTurn: Turn? { turns.last.flatMap { $0.isOpen ? $0 : nil } }
    fileprivate var directory: String? { session?["directory"]?.string }
    fileprivate var parent: String? { session?["parent"]?.string }
}
