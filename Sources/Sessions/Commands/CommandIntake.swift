// One command at the counter, inside the writer's transaction: known already, or judged and stored.

import EventLog
import OpenCode
import RelayProtocol
import Wire

struct CommandIntake {
    enum Outcome: Sendable {
        /// To be handed to the runner.
        case accepted(CommandRow)
        /// There was nothing to do.
        case settled(CommandRow)
        /// It was taken before.
        case known(CommandRow)
        case refused(Problem)
    }

    let request: CommandRequest
    let key: CommandKey
    let identifiers: CommandDesk.Identifiers

    func take(in context: WriterContext) throws -> Outcome {
        let table = CommandTable(database: context.database)
        let hash = SHA256.hash(request.ask.content)
        if let known = try table.find(key) { return known.hash == hash ? .known(known) : .refused(Problem(.commandConflict)) }
        let now = context.timestamp
        let facts = try request.session.flatMap { try SessionFacts.read($0, for: request.ask, now: now, from: context.database) }
        var row = CommandRow(
            key: key, kind: request.ask.kind, target: request.ask.card?.id, hash: hash, state: .accepted, identifiers: [], created: now,
            updated: now)
        switch CommandJudge.judge(request.ask, session: facts) {
        case .refuse(let problem):
            return .refused(problem)
        case .done(let result):
            row.state = .done
            row.result = result
            try table.insert(row)
            return .settled(row)
        case .accept(let stored):
            guard let identifiers = identifiers(stored.command, now) else {
                return .refused(Problem(.upstreamUnavailable, "no OpenCode is connected"))
            }
            row.identifiers = identifiers
            row.stored = stored
            try table.insert(row)
            try announce(stored, facts, context)
            return .accepted(row)
        }
    }

    /// A stop is seen by everybody until the turn's end.
    private func announce(_ stored: StoredCommand, _ facts: SessionFacts?, _ context: WriterContext) throws {
        guard case .stop = stored.command, let facts, !facts.isIdle, let topic = TopicName(facts.id) else { return }
        var event = Event.status(.stopping)
        event.by = key.by
        _ = try context.append(Append(topic: topic, events: [event]))
    }
}
