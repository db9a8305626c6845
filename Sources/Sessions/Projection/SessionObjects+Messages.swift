// Messages: found by id, listed by (`created`, `id`). `created` stays as it was first said.

import RelayProtocol
import SQLite
import Wire

struct MessageRow: Sendable {
    var key: Int64
    var id: String
    var created: Int
    /// Ids of parts in the order that was said.
    var order: [String]
    /// Without `parts`, with `created` as it stands here.
    var object: [UInt8]
}

extension MessageRow {
    init(columns: Statement) {
        self.init(
            key: columns.int(0), id: columns.text(1), created: Int(columns.int(2)),
            order: columns.optionalBlob(3).map(JSONList.strings) ?? [], object: columns.blob(4))
    }

    /// What it weighs in a page without its parts.
    var bytes: Int { order.reduce(object.count) { $0 + $1.utf8.count + 3 } }
}

extension SessionObjects {
    func messageKey(_ id: String) throws -> Int64? {
        let found = try database.statement("SELECT key FROM messages WHERE topic = ?1 AND id = ?2")
        found.bind(1, topic)
        found.bind(2, id)
        return try found.first { $0.int(0) }
    }

    /// `payload` of a `message` event. What it does to a message is left to the fold itself.
    func put(message payload: JSONValue) throws {
        guard let id = payload["message"]?["id"]?.string else { return }
        let found = try database.statement("SELECT key, created, part_order FROM messages WHERE topic = ?1 AND id = ?2")
        found.bind(1, topic)
        found.bind(2, id)
        let old = try found.first { (key: $0.int(0), created: Int($0.int(1)), order: $0.optionalBlob(2).map(JSONList.strings) ?? []) }
        var folded = FoldedSession()
        if let old { folded.messages = [FoldedMessage(id: id, created: old.created, object: payload, order: old.order)] }
        folded.apply(payload: payload)
        guard let message = folded.messages.first else { return }
        let put = try database.statement(
            """
            INSERT INTO messages (key, topic, id, created, part_order, object) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (key) DO UPDATE SET part_order = ?5, object = ?6
            """)
        put.bind(1, optional: old?.key)
        put.bind(2, topic)
        put.bind(3, id)
        put.bind(4, message.created)
        put.bind(5, message.order.isEmpty ? nil : JSONList.bytes(message.order))
        put.bind(6, Array(message.object.raw))
        try put.run()
    }

    func remove(message id: String) throws {
        guard let key = try messageKey(id) else { return }
        let parts = try database.statement("DELETE FROM parts WHERE message = ?1")
        parts.bind(1, key)
        try parts.run()
        let message = try database.statement("DELETE FROM messages WHERE key = ?1")
        message.bind(1, key)
        try message.run()
    }

    /// The newest messages that stand before (`created`, `id`), newest first, until `take` says no.
    func messages(before: MessageCursor?, _ take: (MessageRow) throws -> Bool) throws {
        let rows: Statement
        if let before {
            rows = try database.statement(
                """
                SELECT key, id, created, part_order, object FROM messages
                WHERE topic = ?1 AND (created, id) < (?2, ?3) ORDER BY created DESC, id DESC
                """)
            rows.bind(2, before.created)
            rows.bind(3, before.id)
        } else {
            rows = try database.statement(
                """
                SELECT key, id, created, part_order, object FROM messages
                WHERE topic = ?1 ORDER BY created DESC, id DESC
                """)
        }
        rows.bind(1, topic)
        defer { rows.reset() }
        while try rows.step() {
            guard try take(MessageRow(columns: rows)) else { return }
        }
    }

    /// Those that weigh more than `bytes`, with their parts. (The lengths of blobs are read without the blobs.)
    func messages(heavierThan bytes: Int) throws -> [MessageRow] {
        let rows = try database.statement(
            """
            SELECT key, id, created, part_order, object FROM messages
            WHERE topic = ?1 AND length(object) + coalesce(length(part_order), 0) + coalesce((
                SELECT sum(length(parts.object) + coalesce(length(text), 0) + coalesce(length(raw), 0) + coalesce(length(output), 0))
                FROM parts WHERE message = messages.key), 0) > ?2
            ORDER BY created DESC, id DESC
            """)
        rows.bind(1, topic)
        rows.bind(2, bytes)
        return try rows.all(MessageRow.init(columns:))
    }
}

/// Where a page of messages ends: the next one begins before this message.
struct MessageCursor: Sendable, Equatable {
    var created: Int
    var id: String

    init(created: Int, id: String) {
        self.created = created
        self.id = id
    }

    /// `1795550337993.msg_1`; nil for anything else.
    init?(_ text: String) {
        guard let dot = text.firstIndex(of: "."), let created = Int(text[..<dot]) else { return nil }
        self.init(created: created, id: String(text[text.index(after: dot)...]))
        guard !id.isEmpty else { return nil }
    }

    var text: String { "\(created).\(id)" }

    /// As a client gives it back: nil for none, a problem for what no answer has given.
    static func given(_ text: String?, as name: String) throws(Problem) -> MessageCursor? {
        guard let text else { return nil }
        guard let cursor = MessageCursor(text) else { throw Problem(.badRequest, "\(name) is not one that an answer gave") }
        return cursor
    }
}
