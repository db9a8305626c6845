// One connection to one database, confined to a thread. Statements are prepared once for each text and kept; everything that is unsafe
// about SQLite stays in this target.

import CSQLite

@safe public final class Connection {
    public enum Mode: Sendable { case readWrite, readOnly }

    // SAFETY: owned by this object, closed in deinit, used on one thread at a time (SQLITE_OPEN_NOMUTEX).
    private let handle: OpaquePointer
    private var statements: [UInt: Statement] = [:]
    private var isInTransaction = false

    /// Opens or (for writing) creates the database at `path`.
    public init(path: String, mode: Mode) throws(SQLiteError) {
        var opened: OpaquePointer?
        let access = mode == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        // SAFETY: `opened` lives across the call; SQLite copies the path.
        let code = unsafe sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let made = unsafe opened else {
            let error = SQLiteError(code: code, message: Self.text(of: code), doing: "open")
            // SAFETY: a handle that could not be opened is closed once; nil is allowed.
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe handle = made
    }

    deinit {
        statements = [:]
        // SAFETY: the last use of the handle; statements are finalized before.
        unsafe sqlite3_close_v2(handle)
    }

    /// Rows that the last statement changed.
    public var changes: Int { unsafe Int(sqlite3_changes64(handle)) }

    /// Runs statements without parameters and results.
    public func execute(_ sql: String) throws(SQLiteError) {
        // SAFETY: SQLite reads the text within the call; no callback.
        try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil), sql)
    }

    /// The statement for `sql`, ready for parameters. The same object each time: do not nest two uses of it.
    public func statement(_ sql: StaticString) throws(SQLiteError) -> Statement {
        // SAFETY: a static string's address is never freed and names one text.
        let key = unsafe UInt(bitPattern: sql.utf8Start)
        if let known = statements[key] {
            known.reset()
            return known
        }
        let made = try unsafe Statement(handle, sql.description, isKept: true)
        statements[key] = made
        return made
    }

    /// A statement that is used once (PRAGMA and the like).
    public func oneOff(_ sql: String) throws(SQLiteError) -> Statement { try unsafe Statement(handle, sql, isKept: false) }

    /// Everything in `body` or nothing. Not nested.
    public func transaction<T>(_ body: () throws -> T) throws -> T { try run("BEGIN IMMEDIATE", body) }

    /// One view of the database for all reads in `body`.
    public func readTransaction<T>(_ body: () throws -> T) throws -> T { try run("BEGIN", body) }

    private func run<T>(_ begin: String, _ body: () throws -> T) throws -> T {
        precondition(!isInTransaction, "a transaction in a transaction")
        try execute(begin)
        isInTransaction = true
        defer { isInTransaction = false }
        do {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            // SQLite may have rolled back by itself (a full disk): a second rollback fails, and that is no news.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// Undoes `body` alone when it throws; the transaction around it goes on.
    public func savepoint<T>(_ body: () throws -> T) throws -> T {
        try execute("SAVEPOINT part")
        do {
            let value = try body()
            try execute("RELEASE part")
            return value
        } catch {
            try? execute("ROLLBACK TO part; RELEASE part")
            throw error
        }
    }

    private static func text(of code: Int32) -> String { unsafe String(cString: sqlite3_errstr(code)) }

    private func check(_ code: Int32, _ doing: String) throws(SQLiteError) {
        guard code != SQLITE_OK else { return }
        throw SQLiteError(code: code, message: unsafe String(cString: sqlite3_errmsg(handle)), doing: doing)
    }
}
