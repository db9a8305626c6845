// Blobs as rows of the same database, in pieces of 256 KiB. They are written in transactions of their own before the event's, under no
// topic; the event's commit gives them theirs. What never got one is an orphan.

import RelayProtocol
import SQLite

/// A blob that is written and waits for its event's commit.
struct StoredBlob {
    let id: Int64
    let topic: TopicName
    let hash: String
}

struct BlobTable {
    static let pieceBytes = 256 << 10
    private static let piecesInTransaction = 4
    let database: Connection

    func has(_ hash: String, _ topic: Int64) throws -> Bool { try find(hash, topic) != nil }

    /// Writes a blob in as many transactions as it takes.
    func store(_ blob: Blob) throws -> StoredBlob {
        let id = try database.transaction { try begin(blob) }
        do {
            let starts = Array(stride(from: 0, to: blob.bytes.count, by: Self.pieceBytes))
            for first in stride(from: 0, to: starts.count, by: Self.piecesInTransaction) {
                try database.transaction {
                    for number in first..<min(first + Self.piecesInTransaction, starts.count) { try insert(number, of: id, blob.bytes) }
                }
            }
        } catch {
            try? database.transaction { while try removeSlice(of: id) {} }
            throw error
        }
        return StoredBlob(id: id, topic: blob.topic, hash: blob.hash)
    }

    private func begin(_ blob: Blob) throws -> Int64 {
        let insert = try database.statement("INSERT INTO blobs (topic, hash, mime, bytes) VALUES (0, ?1, ?2, ?3)")
        insert.bind(1, blob.hash)
        insert.bind(2, blob.mime)
        insert.bind(3, blob.bytes.count)
        try insert.run()
        return database.lastInsertedRow
    }

    private func insert(_ number: Int, of id: Int64, _ bytes: [UInt8]) throws {
        let insert = try database.statement("INSERT INTO blob_pieces (key, bytes) VALUES (?1, ?2)")
        insert.bind(1, Self.pieces(of: id).first + Int64(number))
        insert.bind(2, bytes[number * Self.pieceBytes..<min((number + 1) * Self.pieceBytes, bytes.count)])
        try insert.run()
    }

    /// Makes it reachable for an event at `offset`; false if the topic has the same already.
    func attach(_ blob: StoredBlob, to topic: Int64, for offset: UInt64) throws -> Bool {
        guard try !has(blob.hash, topic) else {
            try need(blob.hash, topic, for: offset)
            return false
        }
        let update = try database.statement("UPDATE blobs SET topic = ?2, last_offset = ?3 WHERE id = ?1")
        update.bind(1, blob.id)
        update.bind(2, topic)
        update.bind(3, Int64(offset))
        try update.run()
        return true
    }

    /// An event at `offset` needs what the topic has already.
    func need(_ hash: String, _ topic: Int64, for offset: UInt64) throws {
        let update = try database.statement("UPDATE blobs SET last_offset = max(last_offset, ?3) WHERE topic = ?1 AND hash = ?2")
        update.bind(1, topic)
        update.bind(2, hash)
        update.bind(3, Int64(offset))
        try update.run()
    }

    /// Blobs that only events up to `offset` needed become orphans, so many at a time.
    func orphan(of topic: Int64, through offset: UInt64) throws -> [Int64] {
        let rows = try database.statement("SELECT id FROM blobs WHERE topic = ?1 AND last_offset <= ?2 LIMIT 1000")
        rows.bind(1, topic)
        rows.bind(2, Int64(offset))
        let ids = try rows.column()
        for id in ids {
            let update = try database.statement("UPDATE blobs SET topic = 0 WHERE id = ?1")
            update.bind(1, id)
            try update.run()
        }
        return ids
    }

    /// A reachable blob, whole.
    func read(_ hash: String, _ topic: Int64) throws -> (mime: String?, bytes: [UInt8])? {
        guard let (id, mime, count) = try find(hash, topic) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        let range = Self.pieces(of: id)
        let piece = try database.statement("SELECT bytes FROM blob_pieces WHERE key >= ?1 AND key < ?2 ORDER BY key")
        piece.bind(1, range.first)
        piece.bind(2, range.end)
        defer { piece.reset() }
        while try piece.step() { piece.withBlob(0) { bytes.append(copying: $0) } }
        return (mime, bytes)
    }

    private func find(_ hash: String, _ topic: Int64) throws -> (id: Int64, mime: String?, count: Int)? {
        let row = try database.statement("SELECT id, mime, bytes FROM blobs WHERE topic = ?1 AND hash = ?2")
        row.bind(1, topic)
        row.bind(2, hash)
        defer { row.reset() }
        return try row.step() ? (row.int(0), row.isNull(1) ? nil : row.text(1), Int(row.int(2))) : nil
    }

    /// Blobs of a topic that is removed, or (topic 0) without one.
    func ids(of topic: Int64, limit: Int) throws -> [Int64] {
        let rows = try database.statement("SELECT id FROM blobs WHERE topic = ?1 LIMIT ?2")
        rows.bind(1, topic)
        rows.bind(2, limit)
        return try rows.column()
    }

    /// Removes some pieces, and with the last of them the blob; false when nothing is left.
    func removeSlice(of id: Int64) throws -> Bool {
        let range = Self.pieces(of: id)
        let pieces = try database.statement(
            "DELETE FROM blob_pieces WHERE key IN (SELECT key FROM blob_pieces WHERE key >= ?1 AND key < ?2 LIMIT 16)")
        pieces.bind(1, range.first)
        pieces.bind(2, range.end)
        try pieces.run()
        guard database.changes < 16 else { return true }
        let blob = try database.statement("DELETE FROM blobs WHERE id = ?1")
        blob.bind(1, id)
        try blob.run()
        return false
    }

    private static func pieces(of id: Int64) -> (first: Int64, end: Int64) { (id << 20, (id + 1) << 20) }
}

extension Statement {
    /// The first column of all rows that are left.
    fileprivate func column() throws -> [Int64] {
        defer { reset() }
        var values: [Int64] = []
        while try step() { values.append(int(0)) }
        return values
    }
}
