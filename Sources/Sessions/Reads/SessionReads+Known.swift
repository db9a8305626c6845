// What ingest and the runner ask of the projection.

import EventLog
import RelayProtocol
import SQLite
import Wire

/// A session as the log knew it at a start.
public struct StoredSession: Sendable, Equatable {
    public var id: String
    public var directory: String?
    public var parent: String?
    /// It runs, has an open turn or an open card.
    public var isBusy: Bool
    public var isGone: Bool
    /// The row's `updated` as upstream last said it, ms since 1970: not raised by what was heard since.
    public var updated: Int?
}

extension SessionReads {
    /// Every session of the log, for ingest's start.
    public static func knownSessions(in snapshot: LogSnapshot) throws -> [StoredSession] {
        let topics = try snapshot.database.statement("SELECT topic FROM sessions ORDER BY updated DESC, id").all { $0.int(0) }
        return try topics.compactMap { topic in
            guard let row = try SessionRow.load(topic: topic, from: snapshot.database) else { return nil }
            let turn = try SessionObjects(database: snapshot.database, topic: topic).openTurn()
            let isBusy = turn != nil || row.statusName != SessionStatus.idle.name || row.openPermissions + row.openQuestions > 0
            return StoredSession(
                id: row.id, directory: row.directory, parent: row.parent, isBusy: isBusy, isGone: row.isRemoved,
                updated: row.object.flatMap { try? JSON.parse($0) }?["updated"]?.int)
        }
    }

    /// The session object as it was last said; nil where nothing was said of it.
    public static func row(_ id: String, in snapshot: LogSnapshot) throws -> [UInt8]? {
        try SessionRow.load(id: id, from: snapshot.database)?.object
    }

    /// The body of `GET /v1/sessions/{id}/tasks`.
    public static func tasks(_ id: String, in snapshot: LogSnapshot) throws -> [UInt8]? {
        guard let name = TopicName(id), let row = try SessionRow.load(id: id, from: snapshot.database) else { return nil }
        let position = try snapshot.head(name)
        return JSONWriter.object { writer in
            writer.member("tasks", raw: row.tasks ?? Array("[]".utf8))
            writer.member("position", position.description)
        }
    }

    /// The entries of a session's children, as a list.
    public static func children(_ id: String, in snapshot: LogSnapshot) throws -> [UInt8]? {
        guard try SessionRow.load(id: id, from: snapshot.database) != nil else { return nil }
        return try children(of: id, in: snapshot)
    }
}
