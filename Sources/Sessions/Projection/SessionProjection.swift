// Keeps the rows of sessions beside the log, in the log's own transactions, and says what follows for the lobby and for root sessions. What
// it remembers between two batches is only a copy of rows; a failed transaction drops it.

import EventLog
import RelayProtocol
import SQLite

/// The projection of session topics. Confined to the writer's thread.
public final class SessionProjection: Projection {
    private struct Known {
        var row: SessionRow
        var pending: PendingDeltas
    }

    /// Sessions that are remembered; all are forgotten when it is more.
    private static let cachedSessions = 1024
    private var known: [Int64: Known] = [:]

    public init() {}

    public func install(in database: Connection) throws {
        for table in SessionTables.derived + SessionTables.commands { try database.execute(table) }
    }

    public func clear(in database: Connection) throws {
        known.removeAll()
        for table in SessionTables.derivedNames { try database.execute("DELETE FROM \(table)") }
    }

    public func rolledBack() { known.removeAll() }

    public func apply(_ batch: ProjectedEvents, in database: Connection) throws -> [Append] {
        guard batch.topic.kind == .session, !batch.events.isEmpty else { return [] }
        // Taken out while it changes: otherwise every batch would copy it.
        let before = try known.removeValue(forKey: batch.topicNumber) ?? load(batch, database)
        guard before != nil || batch.events.contains(where: { $0.kind != .delta }) else { return [] }
        let start = before ?? Known(row: SessionRow(topic: batch.topicNumber, id: batch.topic.text), pending: PendingDeltas(through: 0))
        var fold = SessionFold(row: start.row, pending: start.pending, batch: batch, database: database) {
            try DeltaWalk(topic: batch.topic, after: $0, through: $1, in: LogSnapshot(database: database))
        }
        try fold.run()
        // Deltas alone write nothing: the log has them.
        let isWritten = fold.pending.through != start.pending.through || batch.events.contains { $0.kind != .delta }
        let derived = isWritten ? try write(&fold, database) : []
        if known.count >= Self.cachedSessions { known.removeAll(keepingCapacity: true) }
        known[batch.topicNumber] = Known(row: fold.row, pending: fold.pending)
        return derived
    }

    /// What the rows say, and what the log has beyond them.
    private func load(_ batch: ProjectedEvents, _ database: Connection) throws -> Known? {
        guard let row = try SessionRow.load(topic: batch.topicNumber, from: database) else { return nil }
        var pending = PendingDeltas(through: row.deltasThrough)
        try DeltaWalk(topic: batch.topic, after: row.deltasThrough, through: batch.firstOffset - 1, in: LogSnapshot(database: database))
            .count(in: &pending)
        return Known(row: row, pending: pending)
    }

    private func write(_ fold: inout SessionFold, _ database: Connection) throws -> [Append] {
        let entry = LobbyEntry.object(fold.row)
        var appends: [Append] = []
        if let entry, entry != fold.row.entry {
            fold.row.entry = entry
            appends.append(Append(topic: .lobby, events: [.entry(fold.row.id, entry)]))
        }
        try fold.row.save(to: database)
        if let cards = try ChildCards(fold, database) { appends.append(Append(topic: cards.root, events: cards.events)) }
        return appends
    }
}
