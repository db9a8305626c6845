// One session in one read transaction: rows, and what the log has beyond them, as a fold. Whatever was written in which groups, and however
// far the writer had folded deltas in, the same log gives the same state.

import EventLog
import RelayProtocol
import SQLite
import Wire

struct SessionReader {
    let row: SessionRow
    let name: TopicName
    /// The topic's last event in this transaction.
    let position: Position
    let objects: SessionObjects
    private let walk: DeltaWalk

    /// Nil for a session that the log does not know.
    init?(_ id: String, in snapshot: LogSnapshot) throws {
        guard let name = TopicName(id), name.kind == .session, let row = try SessionRow.load(id: id, from: snapshot.database) else {
            return nil
        }
        self.row = row
        self.name = name
        position = try snapshot.head(name)
        objects = SessionObjects(database: snapshot.database, topic: row.topic)
        walk = try DeltaWalk(topic: name, after: row.deltasThrough, through: position.offset, in: snapshot)
    }

    /// Everything but messages and turns.
    func state() throws -> FoldedSession {
        var folded = FoldedSession()
        folded.session = try row.object.map(Self.parse)
        folded.isRemoved = row.isRemoved
        if let status = row.status { folded.apply(Event(.status, payload: status)) }
        folded.permissions = try objects.cards(.permission).map { FoldedCard(id: $0.id, object: try Self.parse($0.object)) }
        folded.questions = try objects.cards(.question).map { FoldedCard(id: $0.id, object: try Self.parse($0.object)) }
        folded.tasks = try row.tasks.map(Self.parse)
        folded.queue = try row.queue.map(Self.parse)
        folded.error = try row.error.map(Self.parse)
        return folded
    }

    /// All turns, or only those that `messages` belong to and the newest.
    func turns(of messages: [FoldedMessage]?) throws -> [Turn] {
        var folded = FoldedSession()
        for payload in try messages.map(payloads) ?? objects.allTurns() { folded.apply(Event(.turn, payload: payload)) }
        return folded.turns
    }

    private func payloads(of messages: [FoldedMessage]) throws -> [[UInt8]] {
        var numbers = Set(messages.compactMap { $0.object["turn"]?.int })
        for message in messages { numbers.formUnion(try objects.turns(ofPrompt: message.id)) }
        if let newest = try objects.newestTurn() { numbers.insert(newest.number) }
        return try numbers.sorted().compactMap(objects.turn)
    }

    /// A page of messages, oldest first: it ends at `limit` messages or `bytes`, whichever comes first, but never before one.
    func page(before: MessageCursor?, limit: Int, bytes limitBytes: Int = .max) throws -> MessagePage {
        var page = MessagePage()
        var bytes = 0
        try objects.messages(before: before) { row in
            guard page.messages.count < limit else { return page.end() }
            let parts = try parts(of: row)
            bytes += row.bytes + parts.reduce(0) { $0 + $1.bytes }
            guard page.messages.isEmpty || bytes <= limitBytes else { return page.end() }
            page.messages.append(try message(row, parts))
            return true
        }
        page.messages.reverse()
        return page
    }

    /// A page as answers have it: bounded in bytes, with the turns that its messages belong to. Gives where the page before it begins.
    func addPage(before: MessageCursor?, limit: Int, to folded: inout FoldedSession) throws -> String? {
        let page = try page(before: before, limit: limit, bytes: Limits.pageBytes)
        folded.messages = page.messages
        folded.turns = try turns(of: page.messages)
        return page.before?.text
    }

    /// The parts of a message in order, each with its text so far.
    func parts(of message: MessageRow) throws -> [PartRow] {
        var parts = try objects.parts(of: message.key)
        for place in parts.indices { _ = walk.append(to: &parts[place]) }
        return message.order.isEmpty ? parts : PartOrder.sorted(parts, order: message.order, id: \.part.id)
    }

    func message(_ row: MessageRow, _ parts: [PartRow]) throws -> FoldedMessage {
        FoldedMessage(id: row.id, created: row.created, object: try Self.parse(row.object), parts: parts.map(\.part), order: row.order)
    }

    static func parse(_ bytes: [UInt8]) throws -> JSONValue { try JSON.parse(bytes, depth: Limits.lineDepth) }
}

/// Messages, oldest first once it is whole.
struct MessagePage {
    var messages: [FoldedMessage] = []
    /// There are older ones.
    private(set) var hasMore = false

    var before: MessageCursor? { hasMore ? messages.first.map { MessageCursor(created: $0.created, id: $0.id) } : nil }

    fileprivate mutating func end() -> Bool {
        hasMore = true
        return false
    }
}
