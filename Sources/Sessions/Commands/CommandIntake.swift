// One command as it comes in, inside the writer's transaction: known already, or judged and stored. What is decided is a pure function of
// what the transaction reads.

import EventLog
import OpenCode
import RelayProtocol
import Wire

struct CommandIntake: Sendable {
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
    let identifiers: CommandIdentifiers
    /// Of what was asked. Made by whoever hands the command in: a prompt may have 16 MiB, and the writer does nothing else meanwhile.
    let hash: [UInt8]

    init(request: CommandRequest, key: CommandKey, identifiers: @escaping CommandIdentifiers) {
        self.request = request
        self.key = key
        self.identifiers = identifiers
        hash = SHA256.hash(request.ask.content)
    }

    /// What follows from a command, to be written in one transaction.
    struct Decision {
        var outcome: Outcome
        var row: CommandRow?
        var event: Append?
    }

    func take(in context: WriterContext) throws -> Outcome {
        let table = CommandTable(database: context.database)
        let decision = try decide(known: table.find(key), now: context.timestamp) {
            try request.session.flatMap { try SessionFacts.read($0, for: request.ask, now: context.timestamp, from: context.database) }
        }
        if let row = decision.row { try table.insert(row) }
        if let event = decision.event { _ = try context.append(event) }
        return decision.outcome
    }

    /// Pure: what is known of the command and, where it is new, of the session decides.
    func decide(known: CommandRow?, now: Int64, facts: () throws -> SessionFacts?) rethrows -> Decision {
        if let known { return Decision(outcome: known.hash == hash ? .known(known) : .refused(Problem(.commandConflict))) }
        let facts = try facts()
        var row = CommandRow(
            key: key, kind: request.ask.kind, target: request.ask.card?.id, hash: hash, state: .accepted, identifiers: [], created: now,
            updated: now)
        switch CommandJudge.judge(request.ask, session: facts) {
        case .refuse(let problem):
            return Decision(outcome: .refused(problem))
        case .done(let result):
            row.state = .done
            row.result = result
            return Decision(outcome: .settled(row), row: row)
        case .accept(var stored):
            guard let identifiers = identifiers(stored.command, now) else {
                return Decision(outcome: .refused(Problem(.upstreamUnavailable, "no OpenCode is connected")))
            }
            row.identifiers = identifiers.all
            stored.generation = identifiers.generation
            row.stored = stored
            return Decision(outcome: .accepted(row), row: row, event: announcement(stored, facts))
        }
    }

    /// A stop is seen by everybody until the turn's end.
    private func announcement(_ stored: StoredCommand, _ facts: SessionFacts?) -> Append? {
        guard case .stop = stored.command, let facts, !facts.isIdle, let topic = TopicName(facts.id) else { return nil }
        var event = Event.status(.stopping)
        event.by = key.by
        return Append(topic: topic, events: [event])
    }
}
