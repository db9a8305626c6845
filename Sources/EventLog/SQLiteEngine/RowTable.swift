// Rows of lines: consecutive lines of one topic share a row up to 128 KiB; a larger line has a row alone.

import RelayProtocol
import SQLite

struct RowTable {
    static let rowBytes = 128 << 10
    let database: Connection

    /// Writes a burst's lines that no row holds yet.
    func store(_ burst: TopicBurst) throws {
        while burst.storedLines < burst.ends.count {
            let first = burst.storedLines
            let start = burst.start(ofLine: first)
            var past = first + 1
            while past < burst.ends.count, Int(burst.ends[past]) - start <= Self.rowBytes { past += 1 }
            try insert(burst, lines: first..<past)
            burst.storedLines = past
        }
    }

    private func insert(_ burst: TopicBurst, lines: Range<Int>) throws {
        let row = try database.statement("INSERT INTO rows (key, last, ts, lines) VALUES (?1, ?2, ?3, ?4)")
        row.bind(1, Schema.key(burst.topic.number, burst.offsets[lines.lowerBound]))
        row.bind(2, Int64(burst.offsets[lines.upperBound - 1]))
        row.bind(3, burst.topic.timestamp)
        row.bind(4, burst.bytes[burst.start(ofLine: lines.lowerBound)..<Int(burst.ends[lines.upperBound - 1])])
        try row.run()
    }

    /// Adds a topic's lines behind an offset, until the page is full or there are no more.
    func read(_ topic: Int64, into page: inout PageBuilder) throws {
        let keys = Schema.keys(of: topic)
        let rows = try database.statement("SELECT last, lines FROM rows WHERE key >= ?1 AND key < ?2 ORDER BY key")
        rows.bind(1, try rowBefore(topic, page.after))
        rows.bind(2, keys.end)
        defer { rows.reset() }
        while try rows.step() {
            // Columns are read one by one: the lines of a row that is skipped are not.
            guard UInt64(rows.int(0)) > page.after else { continue }
            guard rows.withBlob(1, { page.take($0) }) else { return }
        }
    }

    /// The key of the row in which the next offset is, if there is such a row; else the key from which to look.
    private func rowBefore(_ topic: Int64, _ offset: UInt64) throws -> Int64 {
        let first = Schema.keys(of: topic).first
        let row = try database.statement("SELECT key FROM rows WHERE key >= ?1 AND key <= ?2 ORDER BY key DESC LIMIT 1")
        row.bind(1, first)
        row.bind(2, Schema.key(topic, min(offset, Position.offsetLimit) + 1))
        defer { row.reset() }
        return try row.step() ? row.int(0) : first
    }

    /// The first offset that a row holds.
    func firstOffset(of topic: Int64) throws -> UInt64? {
        let keys = Schema.keys(of: topic)
        let row = try database.statement("SELECT key FROM rows WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT 1")
        row.bind(1, keys.first)
        row.bind(2, keys.end)
        defer { row.reset() }
        return try row.step() ? Schema.offset(ofKey: row.int(0)) : nil
    }
}
