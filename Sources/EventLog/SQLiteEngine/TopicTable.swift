// Topics, their epochs and their records in the database, for readers and the writer alike.

import RelayProtocol
import SQLite

struct TopicTable {
    let database: Connection

    func find(_ name: TopicName) throws -> StoredTopic? {
        let row = try database.statement("SELECT number, removed_through, head, ts FROM topics WHERE name = ?1")
        row.bind(1, name.text)
        defer { row.reset() }
        return try row.step() ? topic(name, row) : nil
    }

    /// Topics that have or had events, by name, behind `after`.
    func list(after: String, limit: Int) throws -> [StoredTopic] {
        let rows = try database.statement(
            """
            SELECT number, removed_through, head, ts, name FROM topics WHERE name > ?1
            AND (head > 0 OR EXISTS (SELECT 1 FROM rows WHERE key >= number << 40 AND key < (number + 1) << 40)) ORDER BY name LIMIT ?2
            """)
        rows.bind(1, after)
        rows.bind(2, limit)
        defer { rows.reset() }
        var topics: [StoredTopic] = []
        while try rows.step() {
            if let name = TopicName(rows.text(4)) { topics.append(try topic(name, rows)) }
        }
        return topics
    }

    func make(_ name: TopicName) throws -> StoredTopic {
        let insert = try database.statement("INSERT INTO topics (name) VALUES (?1)")
        insert.bind(1, name.text)
        try insert.run()
        return StoredTopic(number: database.lastInsertedRow, name: name)
    }

    /// What rows do not say any more.
    func saveRemoval(_ topic: StoredTopic) throws {
        let update = try database.statement("UPDATE topics SET removed_through = ?2, head = ?3, ts = ?4 WHERE number = ?1")
        update.bind(1, topic.number)
        update.bind(2, Int64(topic.removedThrough))
        update.bind(3, Int64(topic.head.offset))
        update.bind(4, topic.timestamp)
        try update.run()
    }

    private func topic(_ name: TopicName, _ row: Statement) throws -> StoredTopic {
        var topic = StoredTopic(number: row.int(0), name: name, timestamp: row.int(3), removedThrough: UInt64(row.int(1)))
        var head = UInt64(row.int(2))
        if let last = try lastRow(of: topic.number), last.offset >= head { (head, topic.timestamp) = last }
        topic.head = try position(of: head, in: topic.number)
        return topic
    }

    private func lastRow(of topic: Int64) throws -> (offset: UInt64, timestamp: Int64)? {
        let keys = Schema.keys(of: topic)
        let row = try database.statement("SELECT last, ts FROM rows WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT 1")
        row.bind(1, keys.first)
        row.bind(2, keys.end)
        defer { row.reset() }
        return try row.step() ? (UInt64(row.int(0)), row.int(1)) : nil
    }
}

// Epochs.
extension TopicTable {
    /// The offset with its epoch; the origin for 0.
    func position(of offset: UInt64, in topic: Int64) throws -> Position {
        guard offset > 0 else { return .origin }
        let row = try database.statement("SELECT start, random FROM epochs WHERE topic = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1")
        row.bind(1, topic)
        row.bind(2, Int64(offset))
        defer { row.reset() }
        guard try row.step() else { throw LogError.corrupt("offset \(offset) of topic \(topic) has no epoch") }
        return Position(epoch: Epoch(start: UInt32(row.int(0)), random: UInt32(row.int(1))), offset: offset)
    }

    /// The offsets that were given under an epoch of this topic; nil if it is none of its epochs.
    func offsets(of epoch: Epoch, in topic: TopicState) throws -> ClosedRange<UInt64>? {
        let row = try database.statement(
            """
            SELECT first, (SELECT min(next.first) FROM epochs AS next WHERE next.topic = ?1 AND next.first > epochs.first)
            FROM epochs WHERE topic = ?1 AND start = ?2 AND random = ?3
            """)
        row.bind(1, topic.number)
        row.bind(2, Int64(epoch.start))
        row.bind(3, Int64(epoch.random))
        defer { row.reset() }
        guard try row.step() else { return nil }
        let first = UInt64(row.int(0))
        let last = row.isNull(1) ? topic.head.offset : UInt64(row.int(1)) - 1
        return first <= last ? first...last : nil
    }

    func add(_ epoch: Epoch, to topic: Int64, first: UInt64) throws {
        let insert = try database.statement("INSERT INTO epochs (topic, first, start, random) VALUES (?1, ?2, ?3, ?4)")
        insert.bind(1, topic)
        insert.bind(2, Int64(first))
        insert.bind(3, Int64(epoch.start))
        insert.bind(4, Int64(epoch.random))
        try insert.run()
    }
}

// Records: what the adapter must know across a restart.
extension TopicTable {
    func record(of topic: Int64) throws -> [UInt8]? {
        let row = try database.statement("SELECT bytes FROM records WHERE topic = ?1")
        row.bind(1, topic)
        defer { row.reset() }
        return try row.step() ? row.blob(0) : nil
    }

    func setRecord(_ record: [UInt8], of topic: Int64) throws {
        let replace = try database.statement("INSERT OR REPLACE INTO records (topic, bytes) VALUES (?1, ?2)")
        replace.bind(1, topic)
        replace.bind(2, record)
        try replace.run()
    }
}
