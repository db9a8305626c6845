// A prepared statement: bind, step, read. Columns count from 0, parameters from 1, as SQLite has it.

import CSQLite

@safe public final class Statement {
    // SAFETY: owned by this object, finalized in deinit; the connection outlives it because it holds its statements.
    private let handle: OpaquePointer
    private let database: OpaquePointer
    private let sql: String

    init(_ database: OpaquePointer, _ sql: String, isKept: Bool) throws(SQLiteError) {
        var prepared: OpaquePointer?
        let flags = isKept ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        // SAFETY: `prepared` lives across the call; SQLite copies the text.
        let code = unsafe sqlite3_prepare_v3(database, sql, -1, flags, &prepared, nil)
        guard code == SQLITE_OK, let made = unsafe prepared else {
            throw SQLiteError(code: code, message: unsafe String(cString: sqlite3_errmsg(database)), doing: sql)
        }
        unsafe handle = made
        unsafe self.database = database
        self.sql = sql
    }

    deinit { unsafe sqlite3_finalize(handle) }  // SAFETY: the last use of the handle.

    // SQLITE_TRANSIENT: SQLite copies what is bound.
    private static var copied: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    public func bind(_ index: Int, _ value: Int64) { expect(unsafe sqlite3_bind_int64(handle, Int32(index), value)) }
    public func bind(_ index: Int, _ value: Int) { bind(index, Int64(value)) }
    public func bindNull(_ index: Int) { expect(unsafe sqlite3_bind_null(handle, Int32(index))) }

    public func bind(_ index: Int, _ value: String?) {
        guard var text = value else { return bindNull(index) }
        text.withUTF8 { text in
            // SAFETY: SQLite copies the bytes within the call.
            unsafe expect(sqlite3_bind_text64(handle, Int32(index), text.baseAddress, UInt64(text.count), Self.copied, UInt8(SQLITE_UTF8)))
        }
    }

    public func bind(_ index: Int, _ value: [UInt8]?) {
        guard let value else { return bindNull(index) }
        if value.isEmpty { return expect(unsafe sqlite3_bind_zeroblob(handle, Int32(index), 0)) }
        unsafe value.withUnsafeBytes { bytes in
            // SAFETY: SQLite copies the bytes within the call.
            unsafe expect(sqlite3_bind_blob64(handle, Int32(index), bytes.baseAddress, UInt64(bytes.count), Self.copied))
        }
    }

    /// True while there is a row.
    public func step() throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        let error = SQLiteError(code: code, message: unsafe String(cString: sqlite3_errmsg(database)), doing: sql)
        reset()
        throw error
    }

    /// Steps to the end and is ready again.
    public func run() throws(SQLiteError) {
        while try step() {}
        reset()
    }

    public func reset() {
        // The code repeats the last step's error, which was thrown then.
        _ = unsafe sqlite3_reset(handle)
        _ = unsafe sqlite3_clear_bindings(handle)
    }

    public func int(_ column: Int) -> Int64 { unsafe sqlite3_column_int64(handle, Int32(column)) }
    public func isNull(_ column: Int) -> Bool { unsafe sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }
    public func text(_ column: Int) -> String { String(decoding: blob(column), as: UTF8.self) }

    public func blob(_ column: Int) -> [UInt8] {
        // SAFETY: valid until the next call on this statement; copied at once. SQLite says how long it is after it made it.
        guard let bytes = unsafe sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = unsafe Int(sqlite3_column_bytes(handle, Int32(column)))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    }

    private func expect(_ code: Int32) { precondition(code == SQLITE_OK, "binding failed: \(sql)") }
}
