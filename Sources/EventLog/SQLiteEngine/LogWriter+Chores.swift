// Between commits: a slice of each kind of work that can wait.

import RelayProtocol
import SQLite

extension LogWriter {
    private static let keySweepMilliseconds: Int64 = 600_000
    /// Free pages that a file may keep; the next appends use them.
    private static let sparePages: Int64 = 2048
    private static let pagesInSlice = 512

    func tidy() {
        guard !chores.arePaused else { return }
        do {
            try trim(.opencode, keeping: options.keptServerEvents)
            try trim(.lobby, keeping: options.keptLobbyEvents)
            try removeDoomed()
            try removeOrphan()
            try forgetKeys()
            try shrink()
        } catch {
            chores.arePaused = true
            failed(error, "tidying failed")
        }
    }

    /// Not for each event: a slice is worth its commit.
    private func trim(_ name: TopicName, keeping limit: Int) throws {
        let limit = UInt64(limit)
        guard let topic = known[name], topic.keptEvents > limit + limit / 10 else { return }
        let (trimmed, orphans) = try database.transaction {
            let trimmed = try Removal(database: database).trim(topic, keeping: limit)
            return (trimmed, try BlobTable(database: database).orphan(of: topic.number, through: trimmed.removedThrough))
        }
        known.set(trimmed)
        for blob in orphans { chores.add(orphan: blob) }
    }

    private func removeDoomed() throws {
        guard let topic = chores.doomed.first else { return }
        let isLeft = try database.transaction { try Removal(database: database).removeSlice(ofDoomed: topic) }
        guard !isLeft else { return }
        chores.removeDoomed()
        chores.mayShrink = true
    }

    private func removeOrphan() throws {
        guard let blob = chores.orphans.last else { return }
        let isLeft = try database.transaction { try BlobTable(database: database).removeSlice(of: blob) }
        if !isLeft { chores.removeOrphan() }
    }

    private func forgetKeys() throws {
        let now = options.now()
        guard chores.oldKeysAreLeft || now - chores.lastKeySweep >= Self.keySweepMilliseconds else { return }
        chores.lastKeySweep = now
        chores.oldKeysAreLeft = try database.transaction { try KeyTable(database: database).forget(before: now - options.keptKeys) }
    }

    private func shrink() throws {
        guard chores.mayShrink, chores.doomed.isEmpty else { return }
        chores.mayShrink = try database.number("PRAGMA freelist_count") > Self.sparePages
        if chores.mayShrink { try database.execute("PRAGMA incremental_vacuum(\(Self.pagesInSlice))") }
    }
}
