// What a judgement needs, read in the transaction that stores the command.

import EventLog
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
        facts.newestTurn = try objects.newestTurn()?.number
        if let prompt = try CommandTable(database: database).newestPrompt(of: id) {
            facts.take(prompt, isTakenUp: try prompt.isTakenUp(objects), now: now)
        }
        if let card = ask.card { facts.card = try CardFacts.read(card.kind, card.id, in: objects, topic: row) }
        return facts
    }

    mutating func take(_ prompt: NewestPrompt, isTakenUp: Bool, now: Int64) {
        hasPromptUnderWay = prompt.isUnderWay(now: now, isTakenUp: isTakenUp)
        awaitedPrompt = hasPromptUnderWay && !isTakenUp ? prompt.message : nil
    }
}

extension NewestPrompt {
    fileprivate func isTakenUp(_ objects: SessionObjects) throws -> Bool {
        try message.map { try !objects.turns(ofPrompt: $0).isEmpty } ?? false
    }
}

extension StopTarget {
    /// A session that the log does not know has nothing to stop. The clock is looked at last: no row that is read is younger.
    static func read(_ stop: StoredCommand, clock: () -> Int64, in snapshot: LogSnapshot) throws -> StopTarget {
        guard let session = stop.session, let row = try SessionRow.load(id: session, from: snapshot.database) else { return StopTarget() }
        let objects = SessionObjects(database: snapshot.database, topic: row.topic)
        let turns = try stop.prompt.map { try objects.turns(ofPrompt: $0) } ?? []
        let newest = try CommandTable(database: snapshot.database).newestPrompt(of: session)
        return StopTarget(
            stop, turnsOfPrompt: turns, open: try objects.openTurn()?.number, isIdle: row.statusName == SessionStatus.idle.name,
            newest: newest, now: clock())
    }

    /// What runs without a turn has not told its turn yet: it is what a stop is for that knew neither turn nor prompt.
    init(_ stop: StoredCommand, turnsOfPrompt: [Int], open: Int?, isIdle: Bool, newest: NewestPrompt?, now: Int64) {
        let isNamed = stop.turn != nil || stop.prompt != nil
        isOpen = open.map { [stop.turn, stop.lastTurn].contains($0) || turnsOfPrompt.contains($0) } ?? (!isNamed && !isIdle)
        guard let prompt = stop.prompt, turnsOfPrompt.isEmpty, let newest, newest.message == prompt,
            newest.mayBegin(now: now, isTakenUp: false)
        else { return }
        self.prompt = newest.state.isFinal ? .taken : .unsettled
    }
}

extension CardFacts {
    /// Nil when the card is not open in this topic.
    static func read(_ kind: CardKind, _ id: String, in objects: SessionObjects, topic: SessionRow) throws -> CardFacts? {
        guard let object = try objects.card(kind, id), let card = try? JSON.parse(object) else { return nil }
        let asked = card["session"]?.string ?? topic.id
        let row = asked == topic.id ? topic : try SessionRow.load(id: asked, from: objects.database)
        let turn = try row.flatMap { try SessionObjects(database: objects.database, topic: $0.topic).openTurn() }
        // Of a child that the log does not know it knows at least where its card is shown.
        let above = row == nil ? topic.id : row?.parent
        let ancestors = try above.map { try ChildCards.ancestors(from: $0, objects.database).map(\.id) } ?? []
        return CardFacts(
            session: asked, directory: row?.directory ?? topic.directory, ancestors: ancestors, prompts: turn?.prompts ?? [],
            hasReply: try CommandTable(database: objects.database).hasReply(to: id, kind: kind == .permission ? .permission : .question))
    }
}
