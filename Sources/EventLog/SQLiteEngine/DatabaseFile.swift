// Opening the database: is it ours, do we know its version, may we write. The rule: a file that we do not understand is looked at through a
// connection that cannot write, and left as it was.

import Glibc
import RelayProtocol
import SQLite

import enum Reactor.PrivateFile
import struct Reactor.SystemError

struct DatabaseFile {
    private static let name = "reprise.db"

    let path: String

    init(folder: String) { path = folder + "/" + Self.name }

    /// Whether anything was ever kept here. A WAL that has lost its database counts: it must be told of, not passed over.
    var isThere: Bool { bytes(of: path) > 0 || bytes(of: path + "-wal") > 0 }

    /// The writer's connection, with its tables.
    func open(_ options: LogOptions) throws -> Connection {
        let isNew = try isToBeMade()
        if isNew { try make() }
        let database = try Connection(path: path, mode: .readWrite)
        guard !database.isReadOnly else { throw LogError.readOnly(path) }
        if isNew {
            try database.execute("PRAGMA page_size = \(options.pageSize)")
            try database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        }
        try configure(database, options)
        if isNew { try makeTables(in: database) } else { try migrate(database) }
        return database
    }

    /// For its owner alone, whatever the folder lets others do. SQLite gives the files beside it the same mode.
    private func make() throws {
        do throws(SystemError) {
            _ = try PrivateFile.make(path)
        } catch  where error.code == EEXIST {
            // An empty file: whoever made it chose who may read it.
        } catch { throw LogError(error, path) }
    }

    /// What an earlier version made, step by step; each is whole or not at all.
    private func migrate(_ database: Connection) throws {
        for step in Schema.migrations where try database.number("PRAGMA user_version") == Int64(step.from) {
            try database.transaction {
                for statement in step.statements { try database.execute(statement) }
                try database.execute("PRAGMA user_version = \(step.from + 1)")
            }
        }
    }

    /// True when there is nothing yet. Throws for what is not ours or not to be understood.
    private func isToBeMade() throws -> Bool {
        guard bytes(of: path) > 0 else {
            // SQLite would delete a WAL without its database, and with it what may be the only copy.
            guard bytes(of: path + "-wal") <= 0 else { throw LogError.corrupt("\(path) is missing, but its -wal file is there") }
            return true
        }
        let database = try Connection(path: path, mode: .readOnly)
        let application = try database.number("PRAGMA application_id")
        let version = try database.number("PRAGMA user_version")
        if application == 0, version == 0, try database.number("SELECT count(*) FROM sqlite_schema") == 0 { return true }
        guard application == Int64(Schema.applicationID) else { throw LogError.foreignDatabase(path) }
        guard version <= Int64(Schema.version) else { throw LogError.schemaIsNewer(found: Int(version), known: Schema.version) }
        return false
    }

    private func configure(_ database: Connection, _ options: LogOptions) throws {
        guard try database.string("PRAGMA journal_mode = WAL") == "wal" else {
            throw LogError.storage("\(path) cannot have a write-ahead log")
        }
        // In WAL mode: one fsync of the WAL for each commit, before it is reported. What was reported outlives a power cut.
        try database.execute("PRAGMA synchronous = FULL")
        // On the writer, so that the WAL cannot outgrow the checkpoints; and the file is never truncated: writing over it is faster.
        try database.execute("PRAGMA wal_autocheckpoint = \(options.checkpointPages)")
        try database.execute("PRAGMA journal_size_limit = -1")
        // A mapped file turns a disk's error into a signal.
        try database.execute("PRAGMA mmap_size = 0")
        try database.execute("PRAGMA foreign_keys = OFF")
        try database.execute("PRAGMA temp_store = MEMORY")
        try database.execute("PRAGMA cache_size = -\(options.cacheBytes >> 10)")
        if options.maximumPages > 0 { try database.execute("PRAGMA max_page_count = \(options.maximumPages)") }
    }

    private func makeTables(in database: Connection) throws {
        try database.transaction {
            for table in Schema.tables { try database.execute(table) }
            try database.execute("PRAGMA application_id = \(Schema.applicationID)")
            try database.execute("PRAGMA user_version = \(Schema.version)")
        }
    }

    /// −1 when there is no such file.
    private func bytes(of path: String) -> Int {
        var status = stat()
        // SAFETY: the structure lives across the call, which copies the path.
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : -1
    }
}

extension Connection {
    /// The first column of the first row; 0 without one.
    func number(_ sql: String) throws(SQLiteError) -> Int64 {
        let statement = try oneOff(sql)
        return try statement.step() ? statement.int(0) : 0
    }

    func string(_ sql: String) throws(SQLiteError) -> String {
        let statement = try oneOff(sql)
        return try statement.step() ? statement.text(0) : ""
    }
}
