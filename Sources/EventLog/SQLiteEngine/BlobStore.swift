// Blobs as rows of the same database, in pieces. Written in transactions of their own before the event's; the event's commit makes them
// reachable; what a crash left unreachable is removed at the next start.

import RelayProtocol
import SQLite

struct BlobStore {
    let database: Connection

    func has(_ hash: String, topic: Int64) throws -> Bool {
        let row = try database.statement("SELECT 1 FROM blobs WHERE topic = ? AND hash = ?")
        row.bind(1, topic)
        row.bind(2, hash)
        defer { row.reset() }
        return try row.step()
    }

    /// Not reachable yet.
    func store(_ blob: Blob, topic: Int64) throws {
        guard try !has(blob.hash, topic: topic) else { return }
        let insert = try database.statement("INSERT INTO blobs (topic, hash, mime, bytes, is_reachable) VALUES (?, ?, ?, ?, 0) RETURNING id")
        insert.bind(1, topic)
        insert.bind(2, blob.hash)
        insert.bind(3, blob.mime)
        insert.bind(4, blob.bytes.count)
        guard try insert.step() else { throw LogError.storage("no id for a blob") }
        let id = insert.int(0)
        insert.reset()
        for (number, from) in stride(from: 0, to: blob.bytes.count, by: Schema.blobPieceBytes).enumerated() {
            let piece = try database.statement("INSERT INTO blob_pieces (blob, piece, bytes) VALUES (?, ?, ?)")
            piece.bind(1, id)
            piece.bind(2, number)
            piece.bind(3, Array(blob.bytes[from..<min(from + Schema.blobPieceBytes, blob.bytes.count)]))
            try piece.run()
        }
    }

    func makeReachable(_ blob: Blob, topic: Int64) throws {
        let update = try database.statement("UPDATE blobs SET is_reachable = 1 WHERE topic = ? AND hash = ? AND is_reachable = 0")
        update.bind(1, topic)
        update.bind(2, blob.hash)
        try update.run()
    }

    /// A reachable blob, whole.
    func read(_ hash: String, topic: Int64) throws -> (mime: String?, bytes: [UInt8])? {
        let row = try database.statement("SELECT id, mime, bytes FROM blobs WHERE topic = ? AND hash = ? AND is_reachable = 1")
        row.bind(1, topic)
        row.bind(2, hash)
        defer { row.reset() }
        guard try row.step() else { return nil }
        let mime = row.isNull(1) ? nil : row.text(1)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(row.int(2)))
        let piece = try database.statement("SELECT bytes FROM blob_pieces WHERE blob = ? ORDER BY piece")
        piece.bind(1, row.int(0))
        defer { piece.reset() }
        while try piece.step() { bytes += piece.blob(0) }
        return (mime, bytes)
    }

    func removeOrphans() throws {
        try database.execute("DELETE FROM blob_pieces WHERE blob IN (SELECT id FROM blobs WHERE is_reachable = 0)")
        try database.execute("DELETE FROM blobs WHERE is_reachable = 0")
    }
}
