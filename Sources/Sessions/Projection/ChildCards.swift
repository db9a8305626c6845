// A child's cards are told in its root's topic too, so that whoever watches the root sees who waits.

import EventLog
import RelayProtocol
import SQLite

/// What a batch of a child session means for its root.
struct ChildCards {
    let root: TopicName
    let events: [Event]

    /// Nil where there is nothing to tell.
    init?(_ fold: SessionFold, _ database: Connection) throws {
        let events = try Self.events(fold)
        guard !events.isEmpty, let parent = fold.row.parent, let row = try Self.ancestors(from: parent, database).last,
            row.topic != fold.row.topic, let root = TopicName(row.id)
        else { return nil }
        self.root = root
        self.events = events
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

    /// The known sessions from this one up; the last is the root, which has no known parent.
    static func ancestors(from parent: String, _ database: Connection) throws -> [SessionRow] {
        var found: [SessionRow] = []
        var next: String? = parent
        while let id = next, found.count < 32, let row = try SessionRow.load(id: id, from: database) {
            found.append(row)
            next = row.parent
        }
        return found
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
