// The files of the log: who may read them, and those that an earlier version made.

import Foundation
import RelayProtocol
import SQLite
import TestSupport
import Testing

@testable import EventLog

@Suite(.ownThread) struct DatabaseFileTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test func `makes files that only their owner can read, in a folder that everybody can`() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let test = try TestLog(folder: folder)
        try test.append("news", ["1"])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["lock", "reprise.db", "reprise.db-shm", "reprise.db-wal"])
        for name in names {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
    }

    @Test func `takes over what the first version made, with its blobs`() throws {
        let test = try TestLog(folder: folder) { $0.keptServerEvents = 10 }
        let blob = Blob(topic: .opencode, hash: "sha256-a", mime: nil, bytes: [1, 2, 3])
        try test.append("opencode", ["1"], blobs: [blob])
        try test.append("opencode", ["2", "3"])
        test.close()
        do {
            let database = try Connection(path: folder.database, mode: .readWrite)
            try database.execute("DROP INDEX blobs_by_use")
            try database.execute("ALTER TABLE blobs DROP COLUMN last_offset")
            try database.execute("PRAGMA user_version = 1")
        }
        try test.reopen()
        #expect(try test.number("PRAGMA user_version") == Int64(Schema.version))
        #expect(try test.payloads("opencode") == ["1", "2", "3"])
        #expect(try test.read { try $0.blob(.opencode, "sha256-a")?.bytes } == [1, 2, 3])
        #expect(try test.number("SELECT last_offset FROM blobs") == 3)
        test.close()
        let made = try schema(folder)
        let new = try TestLog()
        new.close()
        #expect(try made == schema(new.folder))
    }

    private func schema(_ folder: TemporaryFolder) throws -> Set<String> {
        let database = try Connection(path: folder.database, mode: .readOnly)
        let rows = try database.oneOff("SELECT m.name || '.' || coalesce(i.name, '') FROM sqlite_schema m, pragma_table_info(m.name) i")
        var all: Set<String> = []
        while try rows.step() { all.insert(rows.text(0)) }
        return all
    }

    @Test func `a reader that could not open tries again`() throws {
        let pool = ReaderPool(path: folder.database, threads: 1)
        defer { pool.close() }
        func ask() throws -> Bool {
            let answer = Answer<Bool>()
            pool.run { reader in answer.give((try? reader.get()) != nil) }
            return try answer.take()
        }
        #expect(try !ask())
        try Connection(path: folder.database, mode: .readWrite).execute("CREATE TABLE any (id)")
        #expect(try ask())
    }

    @Test func `what reads slowly holds up nobody but its like`() throws {
        let test = try TestLog(folder: folder)
        try test.append("news", ["1"])
        let gate = Gate()
        let order = Answer<Int>()
        for number in 1...4 {
            test.log.readSlowly({ _ in gate.wait() }, { _ in order.give(number) })
        }
        #expect(try test.payloads("news") == ["1"])
        gate.open()
        #expect(try order.take() == 1)
    }
}
