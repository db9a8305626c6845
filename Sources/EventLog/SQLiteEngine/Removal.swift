// Taking away in slices, between commits: what is over a topic's retention, and topics that were deleted. A slice is at most 1,000 rows, so
// that no publisher waits for it.

import RelayProtocol
import SQLite

struct Removal {
    static let sliceRows = 1000
    let database: Connection

    /// Removes the oldest rows of a topic that keeps the newest `limit` events; gives what changed, or nil if nothing is over.
    func trim(_ topic: StoredTopic, keeping limit: Int) throws -> StoredTopic? {
        guard topic.kept > Int64(limit) else { return nil }
        var over = topic.kept - Int64(limit)
        var last: (key: Int64, offset: UInt64)?
        var removed: Int64 = 0
        let rows = try database.statement("SELECT key, last, events FROM rows WHERE key > ? AND key < ? ORDER BY key LIMIT ?")
        rows.bind(1, Schema.key(topic.number, 0))
        rows.bind(2, Schema.key(topic.number + 1, 0))
        rows.bind(3, Self.sliceRows)
        while over > 0, try rows.step() {
            guard rows.int(2) <= over else { break }
            over -= rows.int(2)
            removed += rows.int(2)
            last = (rows.int(0), UInt64(rows.int(1)))
        }
        rows.reset()
        guard let last else { return nil }
        try delete(from: Schema.key(topic.number, 0), through: last.key)
        var changed = topic
        changed.kept -= removed
        changed.removedThrough = max(changed.removedThrough, last.offset)
        return changed
    }

    /// One slice of a deleted topic; false when nothing of it is left.
    func slice(ofDoomed topic: Int64) throws -> Bool {
        let rows = try database.statement("SELECT key FROM rows WHERE key >= ? AND key < ? ORDER BY key LIMIT 1 OFFSET ?")
        rows.bind(1, Schema.key(topic, 0))
        rows.bind(2, Schema.key(topic + 1, 0))
        rows.bind(3, Self.sliceRows)
        let next = try rows.step() ? rows.int(0) : Schema.key(topic + 1, 0)
        rows.reset()
        try delete(from: Schema.key(topic, 0), through: next - 1)
        guard next == Schema.key(topic + 1, 0) else { return true }
        try run("DELETE FROM blob_pieces WHERE blob IN (SELECT id FROM blobs WHERE topic = ?)", topic)
        try run("DELETE FROM blobs WHERE topic = ?", topic)
        try run("DELETE FROM doomed WHERE topic = ?", topic)
        return false
    }

    /// Frees a topic's name at once; its rows go later.
    func doom(_ topic: Int64) throws {
        try run("DELETE FROM topics WHERE number = ?", topic)
        try run("DELETE FROM epochs WHERE topic = ?", topic)
        try run("DELETE FROM records WHERE topic = ?", topic)
        try run("DELETE FROM idempotency WHERE topic = ?", topic)
        try run("INSERT INTO doomed (topic) VALUES (?)", topic)
    }

    func doomed() throws -> [Int64] {
        let rows = try database.statement("SELECT topic FROM doomed")
        defer { rows.reset() }
        var all: [Int64] = []
        while try rows.step() { all.append(rows.int(0)) }
        return all
    }

    func forgetKeys(before time: Int64) throws {
        try run("DELETE FROM idempotency WHERE ts < ?", time)
    }

    private func delete(from: Int64, through: Int64) throws {
        let delete = try database.statement("DELETE FROM rows WHERE key >= ? AND key <= ?")
        delete.bind(1, from)
        delete.bind(2, through)
        try delete.run()
    }

    private func run(_ sql: StaticString, _ value: Int64) throws {
        let statement = try database.statement(sql)
        statement.bind(1, value)
        try statement.run()
    }
}
