// Taking away in slices, between commits: what is over a topic's retention, and topics that were removed. A slice is at most 1,000 rows and
// some MiB, so that no append waits long for it.

import RelayProtocol
import SQLite

struct Removal {
    static let sliceRows = 1000
    private static let sliceBytes: Int64 = 4 << 20
    let database: Connection

    /// Removes the oldest rows of a topic, those that hold nothing of its newest `limit` events; gives the topic as it is then.
    func trim(_ topic: StoredTopic, keeping limit: UInt64) throws -> StoredTopic {
        guard topic.head.offset > limit else { return topic }
        guard let last = try removeRows(of: topic.number, through: topic.head.offset - limit) else { return topic }
        var trimmed = topic
        trimmed.removedThrough = max(topic.removedThrough, last)
        try TopicTable(database: database).saveRemoval(trimmed)
        return trimmed
    }

    /// Frees a topic's name at once; its rows go later.
    func doom(_ topic: Int64) throws {
        try run("DELETE FROM topics WHERE number = ?1", topic)
        try run("INSERT INTO doomed (topic) VALUES (?1)", topic)
    }

    func doomed() throws -> [Int64] {
        let rows = try database.statement("SELECT topic FROM doomed")
        defer { rows.reset() }
        var all: [Int64] = []
        while try rows.step() { all.append(rows.int(0)) }
        return all
    }

    /// One slice of a removed topic; false when nothing of it is left.
    func removeSlice(ofDoomed topic: Int64) throws -> Bool {
        if try removeRows(of: topic, through: Position.offsetLimit) != nil { return true }
        if let blob = try BlobTable(database: database).ids(of: topic, limit: 1).first {
            _ = try BlobTable(database: database).removeSlice(of: blob)
            return true
        }
        let keys = try database.statement(
            "DELETE FROM idempotency WHERE topic = ?1 AND key IN (SELECT key FROM idempotency WHERE topic = ?1 LIMIT ?2)")
        keys.bind(1, topic)
        keys.bind(2, Self.sliceRows)
        try keys.run()
        guard database.changes < Self.sliceRows else { return true }
        try run("DELETE FROM epochs WHERE topic = ?1", topic)
        try run("DELETE FROM records WHERE topic = ?1", topic)
        try run("DELETE FROM doomed WHERE topic = ?1", topic)
        return false
    }

    /// A slice of the oldest rows that end at or before an offset; gives the highest offset that is gone, nil if there was none to remove.
    private func removeRows(of topic: Int64, through offset: UInt64) throws -> UInt64? {
        let keys = Schema.keys(of: topic)
        // The length of a blob stands in its row's head: nothing of the lines is read.
        let rows = try database.statement("SELECT key, last, length(lines) FROM rows WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3")
        rows.bind(1, keys.first)
        rows.bind(2, keys.end)
        rows.bind(3, Self.sliceRows)
        var last: (key: Int64, offset: UInt64)?
        var bytes: Int64 = 0
        while bytes < Self.sliceBytes, try rows.step(), UInt64(rows.int(1)) <= offset {
            last = (rows.int(0), UInt64(rows.int(1)))
            bytes += rows.int(2)
        }
        rows.reset()
        guard let last else { return nil }
        let delete = try database.statement("DELETE FROM rows WHERE key >= ?1 AND key <= ?2")
        delete.bind(1, keys.first)
        delete.bind(2, last.key)
        try delete.run()
        return last.offset
    }

    private func run(_ sql: StaticString, _ value: Int64) throws {
        let statement = try database.statement(sql)
        statement.bind(1, value)
        try statement.run()
    }
}
