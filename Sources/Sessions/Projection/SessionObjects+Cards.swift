// Cards: permissions and questions that are open, in the order in which they were asked.

import RelayProtocol
import SQLite
import Wire

enum CardKind: String, Sendable {
    case permission, question
}

struct CardRow: Sendable {
    var id: String
    var object: [UInt8]
}

extension SessionObjects {
    func put(card kind: CardKind, _ object: JSONValue, at offset: UInt64) throws {
        guard let id = object["id"]?.string else { return }
        let put = try database.statement(
            """
            INSERT INTO cards (topic, kind, id, asked, object) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (topic, kind, id) DO UPDATE SET object = ?5
            """)
        put.bind(1, topic)
        put.bind(2, kind.rawValue)
        put.bind(3, id)
        put.bind(4, Int64(offset))
        put.bind(5, Array(object.raw))
        try put.run()
    }

    func remove(card kind: CardKind, _ id: String) throws {
        let removed = try database.statement("DELETE FROM cards WHERE topic = ?1 AND kind = ?2 AND id = ?3")
        removed.bind(1, topic)
        removed.bind(2, kind.rawValue)
        removed.bind(3, id)
        try removed.run()
    }

    func cards(_ kind: CardKind) throws -> [CardRow] {
        let rows = try database.statement("SELECT id, object FROM cards WHERE topic = ?1 AND kind = ?2 ORDER BY asked")
        rows.bind(1, topic)
        rows.bind(2, kind.rawValue)
        return try rows.all { CardRow(id: $0.text(0), object: $0.blob(1)) }
    }

    func card(_ kind: CardKind, _ id: String) throws -> [UInt8]? {
        let row = try database.statement("SELECT object FROM cards WHERE topic = ?1 AND kind = ?2 AND id = ?3")
        row.bind(1, topic)
        row.bind(2, kind.rawValue)
        row.bind(3, id)
        return try row.first { $0.blob(0) }
    }

    func openCards(_ kind: CardKind) throws -> Int {
        let row = try database.statement("SELECT count(*) FROM cards WHERE topic = ?1 AND kind = ?2")
        row.bind(1, topic)
        row.bind(2, kind.rawValue)
        return Int(try row.first { $0.int(0) } ?? 0)
    }
}
