// The tables of the log. What stands here cannot be changed later: positions and lines are out in the world.
//
// A row of `rows` holds the consecutive events of one topic in one commit, as the very lines that go on the wire. Its key is the topic's
// number and the first offset, so a topic is a range of the table's own tree: no second index, and replay is copying bytes.

import SQLite

enum Schema {
    static let version = 1
    /// "RPRS": a file that says something else is not ours.
    static let applicationID = 0x5250_5253
    static let offsetBits = 40
    /// A row ends here; a larger event has a row alone.
    static let rowBytes = 128 * 1024
    static let blobPieceBytes = 256 * 1024
    static let pageSize = 4096
    static let checkpointPages = 2000

    static func key(_ topic: Int64, _ offset: UInt64) -> Int64 { topic << offsetBits | Int64(offset) }

    private static let tables = [
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE topics (
            number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL, start INTEGER NOT NULL,
            random INTEGER NOT NULL, removed_through INTEGER NOT NULL, ts INTEGER NOT NULL, events INTEGER NOT NULL, kept INTEGER NOT NULL)
        """,
        """
        CREATE TABLE epochs (
            topic INTEGER NOT NULL, start INTEGER NOT NULL, random INTEGER NOT NULL, first INTEGER NOT NULL,
            PRIMARY KEY (topic, first)) WITHOUT ROWID
        """,
        "CREATE TABLE rows (key INTEGER PRIMARY KEY, last INTEGER NOT NULL, events INTEGER NOT NULL, ts INTEGER NOT NULL, lines BLOB NOT NULL)",
        "CREATE TABLE records (topic INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
        """
        CREATE TABLE blobs (
            id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, hash TEXT NOT NULL, mime TEXT, bytes INTEGER NOT NULL,
            is_reachable INTEGER NOT NULL, UNIQUE (topic, hash))
        """,
        "CREATE TABLE blob_pieces (blob INTEGER NOT NULL, piece INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (blob, piece))",
        """
        CREATE TABLE idempotency (
            topic INTEGER NOT NULL, key TEXT NOT NULL, hash BLOB NOT NULL, start INTEGER NOT NULL, random INTEGER NOT NULL,
            first INTEGER NOT NULL, last INTEGER NOT NULL, events INTEGER NOT NULL, ts INTEGER NOT NULL, PRIMARY KEY (topic, key)) WITHOUT ROWID
        """,
        "CREATE INDEX idempotency_by_time ON idempotency (ts)",
        // Topics whose rows are being removed in slices; their name is free already.
        "CREATE TABLE doomed (topic INTEGER PRIMARY KEY)",
    ]

    /// Sets up a connection that writes; creates the tables of a new database, refuses one that this program does not know.
    static func prepare(_ database: Connection, path: String, options: LogOptions) throws {
        let version = try number(database, "PRAGMA user_version"), application = try number(database, "PRAGMA application_id")
        if version == 0, application == 0, try number(database, "SELECT count(*) FROM sqlite_master") == 0 {
            try database.execute("PRAGMA page_size = \(pageSize)")
            try database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        } else {
            guard application == applicationID else { throw LogError.foreignDatabase(path) }
            guard version <= Self.version else { throw LogError.schemaIsNewer(found: Int(version), known: Self.version) }
        }
        try database.execute("PRAGMA journal_mode = WAL")
        try database.execute("PRAGMA synchronous = FULL")
        try database.execute("PRAGMA wal_autocheckpoint = \(checkpointPages)")
        try database.execute("PRAGMA journal_size_limit = -1")
        try database.execute("PRAGMA temp_store = MEMORY")
        if options.maximumPages > 0 { try database.execute("PRAGMA max_page_count = \(options.maximumPages)") }
        guard version == 0 else { return }
        try database.transaction {
            for table in tables { try database.execute(table) }
            try database.execute("INSERT INTO meta VALUES ('starts', 0)")
            try database.execute("PRAGMA application_id = \(applicationID)")
            try database.execute("PRAGMA user_version = \(Self.version)")
        }
    }

    static func number(_ database: Connection, _ sql: String) throws -> Int64 {
        let statement = try database.oneOff(sql)
        return try statement.step() ? statement.int(0) : 0
    }
}
