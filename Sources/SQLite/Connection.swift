// A connection to a database file, confined to the thread that made it. SQLite's own lock per connection is off (NOMUTEX): that this class
// is not Sendable takes its place. It knows nothing of what is stored. Once the disk has failed to take what was written, nobody knows what
// is on it, and a later sync may succeed without it: this connection writes nothing more, whatever asks for it.

import CSQLite
import Glibc

@safe
public final class Connection {
    public enum Mode: Sendable {
        /// Makes the file when there is none.
        case readWrite
        /// Never writes, not even when it closes.
        case readOnly
    }

    let handle: OpaquePointer
    public let mode: Mode
    // By the address of the text: a StaticString is a literal, so one place in the source has one address.
    private var statements: [UInt: Statement] = [:]
    /// The failed write or sync after which nothing is written.
    public private(set) var failedSync: SQLiteError?

    /// - Parameter path: of the file, not a URI.
    public init(path: String, mode: Mode) throws(SQLiteError) {
        let flags = mode == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        var opened: OpaquePointer?
        // SAFETY: the path is copied by the call; `opened` is set even when it fails, but for want of memory.
        let code = unsafe sqlite3_open_v2(
            path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened = unsafe opened else { throw SQLiteError(code: code, message: "out of memory", context: path) }
        unsafe handle = opened
        self.mode = mode
        guard code == SQLITE_OK else {
            let error = unsafe Self.error(code, of: opened, in: path)
            // SAFETY: nobody else has the handle, and it is not used again: a class that throws from its initializer has no deinit.
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        // A reader may meet the writer's recovery or its checkpoint for a moment.
        unsafe sqlite3_busy_timeout(opened, 5000)
    }

    deinit {
        statements.removeAll()
        // SAFETY: owned since `init`. With `_v2` a statement that somebody still holds keeps the connection until it is gone as well.
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs one or more statements without parameters; rows are dropped.
    public func execute(_ sql: String) throws(SQLiteError) {
        try refuseAfterFailedSync()
        // SAFETY: the text is copied by the call; no callback.
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code, in: sql) }
    }

    /// The prepared statement for this literal, reset and without bindings. It is the same object each time: not to be used inside its own rows.
    public func statement(_ sql: StaticString) throws(SQLiteError) -> Statement {
        precondition(sql.hasPointerRepresentation, "a statement is more than one character")
        let address = unsafe UInt(bitPattern: sql.utf8Start)
        if let known = statements[address] {
            known.reset()
            return known
        }
        let prepared = try Statement(self, sql.description)
        statements[address] = prepared
        return prepared
    }

    /// A statement that is used once: a PRAGMA, or text that is put together.
    public func oneOff(_ sql: String) throws(SQLiteError) -> Statement { try Statement(self, sql) }

    /// A statement left on a row would hold its snapshot beyond the transaction, and with it the checkpoints of the writer.
    func resetStatements() {
        for statement in statements.values where statement.isBusy { statement.reset() }
    }

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    public var changes: Int { unsafe Int(sqlite3_changes64(handle)) }

    public var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// A transaction is open. SQLite ends one by itself after some errors (a full disk, for one).
    public var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// The file may not be written, although `readWrite` was asked for.
    public var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") != 0 }

    /// Pages that were written to the WAL since the connection was opened.
    /// The count begins anew after the highest number.
    public var pagesWritten: UInt32 {
        var (written, highest): (Int32, Int32) = (0, 0)
        // SAFETY: both numbers live across the call.
        unsafe sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &written, &highest, 0)
        return UInt32(bitPattern: written)
    }

    /// Copies what the WAL holds into the database, as far as readers let it; true when that was all.
    public func checkpoint() throws(SQLiteError) -> Bool {
        try refuseAfterFailedSync()
        var (inLog, copied): (Int32, Int32) = (0, 0)
        // SAFETY: as above; no name stands for all databases of the connection.
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &inLog, &copied)
        guard code == SQLITE_OK else { throw error(code, in: "a checkpoint") }
        return inLog == copied
    }

    /// Every error of this connection is made here, and all that writes asks here first.
    func error(_ code: Int32, in context: String) -> SQLiteError {
        let error = unsafe Self.error(code, of: handle, in: context)
        if error.kind == .synchronizing, failedSync == nil { failedSync = error }
        return error
    }

    func refuseAfterFailedSync() throws(SQLiteError) {
        if let failedSync { throw failedSync }
    }

    // SAFETY: the handle is open; its message is copied before any other call.
    private static func error(_ code: Int32, of handle: OpaquePointer, in context: String) -> SQLiteError {
        let message = unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "no message"
        let extended = unsafe sqlite3_extended_errcode(handle)
        // A quota is a full disk, not a broken one.
        if extended == SQLITE_IOERR | 3 << 8, [EDQUOT, EFBIG].contains(unsafe sqlite3_system_errno(handle)) {
            return SQLiteError(code: SQLITE_FULL, message: message, context: context)
        }
        return SQLiteError(code: extended & 0xFF == code & 0xFF ? extended : code, message: message, context: context)
    }
}
