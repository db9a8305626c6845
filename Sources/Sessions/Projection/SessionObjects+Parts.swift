// Parts: the object as it was last said, and beside it what deltas appended since. A delta never comes here by itself: the deltas of a
// stretch of the log are folded in together.

import RelayProtocol
import SQLite
import Wire

extension SessionObjects {
    /// A part that is there stays with its message; a new one of a message that isn't there is ignored. The part's id, if it was taken.
    func put(part object: JSONValue, at offset: UInt64) throws -> String? {
        guard let id = object["id"]?.string else { return nil }
        let again = try database.statement(
            "UPDATE parts SET object = ?3, through = ?4, text = NULL, raw = NULL, output = NULL WHERE topic = ?1 AND id = ?2")
        again.bind(1, topic)
        again.bind(2, id)
        again.bind(3, Array(object.raw))
        again.bind(4, Int64(offset))
        try again.run()
        if database.changes > 0 { return id }
        guard let message = try object["message"]?.string.flatMap(messageKey) else { return nil }
        let new = try database.statement("INSERT INTO parts (topic, id, message, first, object, through) VALUES (?1, ?2, ?3, ?4, ?5, ?4)")
        new.bind(1, topic)
        new.bind(2, id)
        new.bind(3, message)
        new.bind(4, Int64(offset))
        new.bind(5, Array(object.raw))
        try new.run()
        return id
    }

    func remove(part id: String) throws {
        let removed = try database.statement("DELETE FROM parts WHERE topic = ?1 AND id = ?2")
        removed.bind(1, topic)
        removed.bind(2, id)
        try removed.run()
    }

    /// In the order of their first events.
    func parts(of message: Int64) throws -> [PartRow] {
        let rows = try database.statement("SELECT id, object, text, raw, output, through FROM parts WHERE message = ?1 ORDER BY first")
        rows.bind(1, message)
        return try rows.all(PartRow.init(columns:))
    }

    func part(_ id: String) throws -> PartRow? {
        let row = try database.statement("SELECT id, object, text, raw, output, through FROM parts WHERE topic = ?1 AND id = ?2")
        row.bind(1, topic)
        row.bind(2, id)
        return try row.first(PartRow.init(columns:))
    }

    /// Adds what `walk` found in the log to the rows.
    func fold(_ walk: DeltaWalk) throws {
        for id in walk.parts {
            guard var row = try part(id), walk.append(to: &row) else { continue }
            let put = try database.statement("UPDATE parts SET text = ?3, raw = ?4, output = ?5, through = ?6 WHERE topic = ?1 AND id = ?2")
            put.bind(1, topic)
            put.bind(2, id)
            put.bind(3, row.part.text.isEmpty ? nil : row.part.text)
            put.bind(4, row.part.raw.isEmpty ? nil : row.part.raw)
            put.bind(5, row.part.output.isEmpty ? nil : row.part.output)
            put.bind(6, Int64(row.through))
            try put.run()
        }
    }
}
