// What a judgement needs, read in the transaction that stores the command.

import OpenCode
import RelayProtocol
import SQLite
import Wire

extension SessionFacts {
    /// Nil for a session that the log does not know.
    static func read(_ id: String, for ask: CommandRequest.Ask, now: Int64, from database: Connection) throws -> SessionFacts? {
        guard let row = try SessionRow.load(id: id, from: database) else { return nil }
        let objects = SessionObjects(database: database, topic: row.topic)
        var facts = SessionFacts(id: id, directory: row.directory)
        facts.isGone = row.isRemoved
        facts.isIdle = row.statusName == SessionStatus.idle.name
        facts.openTurn = try objects.openTurn()?.number
        facts.hasPromptUnderWay = try hasPromptUnderWay(id, objects, now)
        if let card = ask.card { facts.card = try CardFacts.read(card.kind, card.id, in: objects, topic: row) }
        return facts
    }

    /// Accepted, and no turn has taken it up: until it is settled, and for a while after OpenCode has confirmed it.
    private static func hasPromptUnderWay(_ session: String, _ objects: SessionObjects, _ now: Int64) throws -> Bool {
        guard let prompt = try CommandTable(database: objects.database).newestPrompt(of: session) else { return false }
        guard prompt.state == .done else { return true }
        guard now - prompt.updated < CommandLimits.promptGraceMilliseconds, let result = prompt.result,
            let message = (try? JSON.parse(result))?["message"]?.string
        else { return false }
        return try objects.turns(ofPrompt: message).isEmpty
    }
}

extension CardFacts {
    /// Nil when the card is not open in this topic.
    static func read(_ kind: CardKind, _ id: String, in objects: SessionObjects, topic: SessionRow) throws -> CardFacts? {
        guard let object = try objects.card(kind, id), let card = try? JSON.parse(object) else { return nil }
        let asked = card["session"]?.string ?? topic.id
        let row = asked == topic.id ? topic : try SessionRow.load(id: asked, from: objects.database)
        let turn = try row.flatMap { try SessionObjects(database: objects.database, topic: $0.topic).openTurn() }
        return CardFacts(
            session: asked, directory: row?.directory ?? topic.directory, prompts: turn?.prompts ?? [],
            hasReply: try CommandTable(database: objects.database).hasReply(to: id, kind: kind == .permission ? .permission : .question))
    }
}
