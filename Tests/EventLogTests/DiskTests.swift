// What an operator may meet: full disks, damaged files, other versions, other processes, other users.

import EventLog
import Foundation
import Glibc
import LogFixtures
import Reactor
import RelayProtocol
import SQLite
import TestSupport
import Testing

@Suite(.ownThread) struct DiskTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    func open(_ folder: TemporaryFolder, _ options: LogOptions = LogOptions()) throws(LogError) {
        try EventLog.open(folder: folder.path, options: options, projection: { SpyProjection() }, logger: .silent).close()
    }

    func error(_ folder: TemporaryFolder) -> LogError? {
        do { try open(folder) } catch { return error }
        return nil
    }

    @Test func `says that the disk is full, tells nobody, and goes on when there is space`() throws {
        let test = try TestLog { $0.maximumPages = 60 }
        let sink = SpySink()
        test.log.watch(try name("news"), sink)
        let small = try test.append("news", ["1"])
        #expect(throws: LogError.diskFull) { try test.append("news", ["\"" + String(repeating: "x", count: 500_000) + "\""]) }
        #expect(throws: LogError.diskFull) {
            try test.append(
                "news", ["2"],
                blobs: [Blob(topic: try name("news"), hash: "sha256-a", mime: nil, bytes: [UInt8](repeating: 1, count: 500_000))])
        }
        #expect(sink.told == ["watching news 0", "committed news 0...1"])
        #expect(try test.read { try $0.head(try name("news")) } == small.last)
        #expect(test.log.queuedBytes == 0)
        #expect(try test.append("news", ["2"]).first.offset == 2)
        try test.perform { try $0.database.execute("PRAGMA max_page_count = 100000") }
        #expect(try test.append("news", ["\"" + String(repeating: "x", count: 500_000) + "\""]).first.offset == 3)
        #expect(try test.payloads("news").count == 3)
    }

    @Test func `fails all that waited when the disk is full, each with that error`() throws {
        let test = try TestLog { $0.maximumPages = 60 }
        let gate = try test.holdWriter()
        let answers = (0..<8).map { _ in Answer<Result<[Appended], LogError>>() }
        for answer in answers {
            test.log.append([try Append("news", ["\"" + String(repeating: "x", count: 100_000) + "\""])]) { answer.give($0) }
        }
        gate.open()
        for answer in answers { #expect(throws: LogError.diskFull) { try answer.take().get() } }
        #expect(try test.append("news", ["1"]).first.offset == 1)
    }

    @Test func `refuses what a later version wrote, and does not touch it`() throws {
        try open(folder)
        do {
            let database = try Connection(path: folder.database, mode: .readWrite)
            try database.execute("PRAGMA user_version = 99")
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        #expect(error(folder) == .schemaIsNewer(found: 99, known: 2))
        #expect(error(folder)?.hint != nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
    }

    @Test func `refuses another program's database, and does not touch it`() throws {
        do {
            let database = try Connection(path: folder.database, mode: .readWrite)
            try database.execute("CREATE TABLE theirs (id)")
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        #expect(error(folder) == .foreignDatabase(folder.database))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
    }

    @Test func `says that a file is damaged, and deletes nothing`() throws {
        try Data(repeating: 65, count: 20_000).write(to: URL(fileURLWithPath: folder.database))
        guard case .corrupt? = error(folder) else { return #expect(Bool(false), "\(String(describing: error(folder)))") }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == Data(repeating: 65, count: 20_000))
    }

    @Test func `does not let a WAL be deleted because its database is missing`() throws {
        try Data(repeating: 65, count: 20_000).write(to: URL(fileURLWithPath: folder.database + "-wal"))
        guard case .corrupt? = error(folder) else { return #expect(Bool(false), "\(String(describing: error(folder)))") }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database + "-wal")).count == 20_000)
    }

    @Test func `says that a page is damaged when it is read or written, and stands on`() throws {
        let test = try TestLog(folder: folder)
        for _ in 0..<20 { try test.append("news", ["\"" + String(repeating: "x", count: 20_000) + "\""]) }
        test.close()
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder.database))
        // All pages of data; the first few hold the tables' names.
        let size = try file.seekToEnd()
        try file.seek(toOffset: 16 * 4096)
        file.write(Data(repeating: 0xFF, count: Int(size) - 16 * 4096))
        try file.close()
        try test.reopen()
        #expect(throws: (any Error).self) { try test.payloads("news") }
        do {
            try test.append("news", ["1"])
        } catch let error as LogError {
            guard case .corrupt = error else { return #expect(Bool(false), "\(error)") }
        }
    }

    @Test func `lets one process in, and says who holds the folder`() throws {
        let test = try TestLog(folder: folder)
        #expect(error(folder) == .locked(pid: getpid()))
        #expect(throws: LogError.locked(pid: getpid())) { try EventLog.rebuild(folder: folder.path, projection: SpyProjection()) }
        try test.append("news", ["1"])
        test.close()
        #expect(error(folder) == nil)
    }

    @Test func `rebuilds no log where there is none, and makes nothing`() throws {
        for missing in [folder.path + "/typo", folder.path] {
            #expect(throws: LogError.noLog(folder: missing)) { try EventLog.rebuild(folder: missing, projection: SpyProjection()) }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        try Data([1]).write(to: URL(fileURLWithPath: folder.database + "-wal"))
        do { _ = try EventLog.rebuild(folder: folder.path, projection: SpyProjection()) } catch {
            guard case .corrupt = error else { return #expect(Bool(false), "\(error)") }
        }
        #expect(!FileManager.default.fileExists(atPath: folder.database))
    }

    @Test func `gives the folder back when it could not be opened`() throws {
        try Data(repeating: 65, count: 20_000).write(to: URL(fileURLWithPath: folder.database))
        for _ in 1...2 { guard case .corrupt? = error(folder) else { return #expect(Bool(false)) } }
    }

    @Test func `makes the folder, but not its parents`() throws {
        let inner = folder.path + "/data"
        try EventLog.open(folder: inner, projection: { SpyProjection() }, logger: .silent).close()
        let mode = try FileManager.default.attributesOfItem(atPath: inner)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        #expect(throws: LogError.self) {
            try EventLog.open(folder: folder.path + "/no/where", projection: { SpyProjection() }, logger: .silent)
        }
    }

    @Test func `refuses a folder that is another user's, or may not be written`() throws {
        guard geteuid() == 0 else {
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
            defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path) }
            return expectReadOnly(error(folder))
        }
        try FileManager.default.setAttributes([.ownerAccountID: 4321], ofItemAtPath: folder.path)
        #expect(error(folder) == .foreignFolder(folder.path, owner: 4321))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "no file system may be mounted")) func `goes on after a disk was really full`() throws {
        let disk = try SmallDisk()
        let ballast = disk.folder.path + "/ballast"
        try Data(count: 600_000).write(to: URL(fileURLWithPath: ballast))
        let test = try TestLog(folder: disk.folder)
        let large = "\"" + String(repeating: "x", count: 100_000) + "\""
        var stored = 0
        #expect(throws: LogError.diskFull) { while true { stored += try test.append("news", [large]).count } }
        #expect(stored > 2)
        #expect(throws: LogError.diskFull) { try test.append("news", [large]) }
        #expect(try test.payloads("news").count == stored)
        try FileManager.default.removeItem(atPath: ballast)
        #expect(try test.append("news", [large]).last.offset == UInt64(stored) + 1)
        try test.reopen()
        #expect(try test.payloads("news").count == stored + 1)
    }

    private func expectReadOnly(_ error: LogError?) {
        guard case .readOnly? = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(error?.hint != nil)
    }

    @Test func `has the settings that durability rests on`() throws {
        let test = try TestLog(folder: folder)
        let settings = try test.perform { context in
            try ["journal_mode", "synchronous", "auto_vacuum", "page_size", "mmap_size", "foreign_keys", "journal_size_limit"].map { name in
                let row = try context.database.oneOff("PRAGMA \(name)")
                return try row.step() ? "\(name) \(row.text(0))" : name
            }
        }
        #expect(
            settings == [
                "journal_mode wal", "synchronous 2", "auto_vacuum 2", "page_size 4096", "mmap_size 0", "foreign_keys 0",
                "journal_size_limit -1",
            ])
    }
}
