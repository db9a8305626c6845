// A child's cards are told in its root's topic too, so that whoever watches the root sees who waits. The log applies those events to the
// root's rows but appends nothing that follows from them, so the root's entry is foretold here.

import EventLog
import RelayProtocol
import SQLite

/// What a batch of a child session means for its root.
struct ChildCards {
    let root: TopicName
    let events: [Event]
    /// The root's entry once it has these events; nil if it stays as it is.
    let rootEntry: [UInt8]?

    /// Nil where there is nothing to tell.
    init?(_ fold: SessionFold, _ database: Connection) throws {
        let events = try Self.events(fold)
        guard !events.isEmpty, let parent = fold.row.parent, let row = try Self.root(above: parent, database),
            row.topic != fold.row.topic, let root = TopicName(row.id)
        else { return nil }
        self.root = root
        self.events = events
        rootEntry = try Self.entry(of: row, after: events, at: fold.batch.timestamp, database)
    }

    /// The batch's cards as they were said; all open ones when the parent has only now become known.
    private static func events(_ fold: SessionFold) throws -> [Event] {
        guard fold.row.parent != nil else { return [] }
        guard fold.parentChanged else {
            guard fold.cardsChanged else { return [] }
            return fold.batch.events.filter { $0.kind.isAboutCard }
        }
        return try fold.objects.cards(.permission).map { .permission($0.id, $0.object) }
            + fold.objects.cards(.question).map { .question($0.id, $0.object) }
    }

    /// The known session without a known parent, over all levels.
    static func root(above parent: String, _ database: Connection) throws -> SessionRow? {
        var found: SessionRow?
        var next: String? = parent
        var levels = 0
        while let id = next, levels < 32, let row = try SessionRow.load(id: id, from: database) {
            found = row
            next = row.parent
            levels += 1
        }
        return found
    }

    private static func entry(of root: SessionRow, after events: [Event], at timestamp: Int64, _ database: Connection) throws -> [UInt8]? {
        let objects = SessionObjects(database: database, topic: root.topic)
        var permissions = Set(try objects.cards(.permission).map(\.id))
        var questions = Set(try objects.cards(.question).map(\.id))
        var row = root
        for event in events {
            row.noteActivity(event, at: timestamp)
            guard let id = event.id else { continue }
            switch event.kind {
            case .permission: permissions.insert(id)
            case .permissionClosed: permissions.remove(id)
            case .question: questions.insert(id)
            default: questions.remove(id)
            }
        }
        row.openPermissions = permissions.count
        row.openQuestions = questions.count
        let entry = LobbyEntry.object(row)
        return entry == root.entry ? nil : entry
    }
}

extension EventKind {
    var isAboutCard: Bool {
        switch self {
        case .permission, .permissionClosed, .question, .questionClosed: true
        default: false
        }
    }
}
