// The list: the lobby's entries as they were last said, newest activity first.

import EventLog
import RelayProtocol
import SQLite
import Wire

extension SessionReads {
    /// The body of `GET /v1/sessions`: `sessions`, `cursor?` of the next page, the lobby's `position`.
    public static func list(_ query: SessionListQuery, in snapshot: LogSnapshot) throws -> [UInt8] {
        try page(query, hasNext: true, in: snapshot)
    }

    /// The body of `GET …/children`: the newest of them, archived or not. There are no more pages.
    static func children(of parent: String, in snapshot: LogSnapshot) throws -> [UInt8] {
        try page(SessionListQuery(archived: nil, limit: Limits.mostListRows, parent: parent), hasNext: false, in: snapshot)
    }

    private static func page(_ query: SessionListQuery, hasNext: Bool, in snapshot: LogSnapshot) throws -> [UInt8] {
        let rows = try entries(query, snapshot.database)
        let position = try snapshot.head(.lobby)
        return JSONWriter.object { writer in
            writer.key("sessions")
            writer.array { array in for row in rows.prefix(query.limit) { array.raw(row.entry) } }
            if hasNext, rows.count > query.limit { writer.member("cursor", rows[query.limit - 1].cursor.text) }
            writer.member("position", position.description)
        }
    }

    private static func entries(_ query: SessionListQuery, _ database: Connection) throws -> [(entry: [UInt8], cursor: MessageCursor)] {
        let rows = try database.statement(
            """
            SELECT entry, updated, id FROM sessions
            WHERE entry IS NOT NULL AND (?1 IS NULL OR (archived IS NOT NULL) = ?1)
                AND (?2 IS NULL OR title LIKE ?2 ESCAPE '\\' OR directory LIKE ?2 ESCAPE '\\')
                AND (?3 IS NULL OR updated < ?3 OR (updated = ?3 AND id > ?4))
                AND (?5 IS NULL OR parent = ?5)
            ORDER BY updated DESC, id LIMIT ?6
            """)
        let cursor = try MessageCursor.given(query.cursor, as: "cursor")
        rows.bind(1, optional: query.archived.map { $0 ? 1 : 0 })
        rows.bind(2, query.search.map(pattern))
        rows.bind(3, optional: cursor.map { Int64($0.created) })
        rows.bind(4, cursor?.id)
        rows.bind(5, query.parent)
        rows.bind(6, query.limit + 1)
        return try rows.all { ($0.blob(0), MessageCursor(created: Int($0.int(1)), id: $0.text(2))) }
    }

    /// `LIKE` for "contains", with its wildcards taken as letters.
    private static func pattern(_ search: String) -> String {
        var pattern = "%"
        for letter in search {
            if "%_\\".contains(letter) { pattern.append("\\") }
            pattern.append(letter)
        }
        return pattern + "%"
    }
}
