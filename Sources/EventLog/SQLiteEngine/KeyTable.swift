// Idempotency keys: what was answered to a publisher, for as long as it may ask again.

import RelayProtocol
import SQLite

struct KeyTable {
    enum Answer {
        case fresh
        /// The key was used with another body.
        case conflict
        case replay(Appended)
    }

    let database: Connection

    func ask(_ key: IdempotencyKey, _ topic: Int64, notBefore time: Int64) throws -> Answer {
        let row = try database.statement(
            "SELECT hash, start, random, first, last, count FROM idempotency WHERE topic = ?1 AND key = ?2 AND ts >= ?3")
        row.bind(1, topic)
        row.bind(2, key.key)
        row.bind(3, time)
        defer { row.reset() }
        guard try row.step() else { return .fresh }
        guard row.blob(0) == key.bodyHash else { return .conflict }
        let epoch = Epoch(start: UInt32(row.int(1)), random: UInt32(row.int(2)))
        return .replay(
            Appended(
                first: Position(epoch: epoch, offset: UInt64(row.int(3))), last: Position(epoch: epoch, offset: UInt64(row.int(4))),
                count: Int(row.int(5)), isReplay: true))
    }

    /// Takes the place of one that is too old.
    func remember(_ key: IdempotencyKey, _ topic: Int64, _ appended: Appended, now: Int64) throws {
        let insert = try database.statement("INSERT OR REPLACE INTO idempotency VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        insert.bind(1, topic)
        insert.bind(2, key.key)
        insert.bind(3, key.bodyHash)
        insert.bind(4, Int64(appended.first.epoch.start))
        insert.bind(5, Int64(appended.first.epoch.random))
        insert.bind(6, Int64(appended.first.offset))
        insert.bind(7, Int64(appended.last.offset))
        insert.bind(8, appended.count)
        insert.bind(9, now)
        try insert.run()
    }

    /// Forgets a slice of those that are older; false when none is left.
    func forget(before time: Int64) throws -> Bool {
        let delete = try database.statement(
            "DELETE FROM idempotency WHERE (topic, key) IN (SELECT topic, key FROM idempotency WHERE ts < ?1 LIMIT ?2)")
        delete.bind(1, time)
        delete.bind(2, Removal.sliceRows)
        try delete.run()
        return database.changes == Removal.sliceRows
    }
}
