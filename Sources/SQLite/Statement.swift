// A prepared statement: parameters from 1, columns from 0. What is bound is copied; what a column gives is copied, but for `withBlob`.
// Binding to a parameter that does not exist is a bug and stops the program.

import CSQLite

@safe
public final class Statement {
    private let handle: OpaquePointer
    // Not its owner, which would be a cycle. SQLite keeps a connection until its last statement is gone (`sqlite3_close_v2`).
    private unowned let connection: Connection
    private let sql: String

    init(_ connection: Connection, _ sql: String) throws(SQLiteError) {
        var prepared: OpaquePointer?
        // SAFETY: the text is copied by the call.
        let code = unsafe sqlite3_prepare_v3(connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else { throw connection.error(code, in: sql) }
        unsafe handle = prepared
        self.connection = connection
        self.sql = sql
    }

    deinit {
        // SAFETY: owned since `init`.
        unsafe sqlite3_finalize(handle)
    }

    /// True when there is a row, false when it is done. After an error it is reset.
    public func step() throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = connection.error(code, in: sql)
            reset()
            throw error
        }
    }

    /// Steps to the end and resets.
    public func run() throws(SQLiteError) {
        while try step() {}
        reset()
    }

    /// It stands on a row: the read transaction that it belongs to cannot end.
    var isBusy: Bool { unsafe sqlite3_stmt_busy(handle) != 0 }

    /// Ready for the next use: no row, no bindings.
    public func reset() {
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }
}

// Parameters.
extension Statement {
    public func bind(_ index: Int, _ value: Int64) { check(unsafe sqlite3_bind_int64(handle, Int32(index), value)) }

    public func bind(_ index: Int, _ value: Int) { bind(index, Int64(value)) }

    public func bindNull(_ index: Int) { check(unsafe sqlite3_bind_null(handle, Int32(index))) }

    public func bind(_ index: Int, _ text: String?) {
        guard var text else { return bindNull(index) }
        // SAFETY: the bytes are copied before the call returns (SQLITE_TRANSIENT).
        let code = text.withUTF8 { bytes in
            guard let base = unsafe UnsafeRawPointer(bytes.baseAddress) else {
                return unsafe sqlite3_bind_text(handle, Int32(index), "", 0, nil)
            }
            return unsafe sqlite3_bind_text(handle, Int32(index), base.assumingMemoryBound(to: CChar.self), Int32(bytes.count), transient)
        }
        check(code)
    }

    public func bind(_ index: Int, _ bytes: [UInt8]?) {
        guard let bytes else { return bindNull(index) }
        bind(index, bytes[...])
    }

    public func bind(_ index: Int, _ bytes: ArraySlice<UInt8>) {
        // SAFETY: as above. Without bytes there may be no address, and a null pointer would bind NULL.
        let code = unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(handle, Int32(index), 0) }
            return unsafe sqlite3_bind_blob(handle, Int32(index), base, Int32(bytes.count), transient)
        }
        check(code)
    }

    private func check(_ code: Int32) {
        precondition(code == SQLITE_OK, "binding failed: \(connection.error(code, in: sql))")
    }
}

// Columns of the row that `step` found.
extension Statement {
    public func int(_ column: Int) -> Int64 { unsafe sqlite3_column_int64(handle, Int32(column)) }

    public func isNull(_ column: Int) -> Bool { unsafe sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

    /// Empty for NULL.
    public func text(_ column: Int) -> String {
        // SAFETY: the address is valid until the next step or reset, and for as many bytes as the second call says; copied here.
        guard let start = unsafe sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = unsafe Int(sqlite3_column_bytes(handle, Int32(column)))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Empty for NULL.
    public func blob(_ column: Int) -> [UInt8] {
        withBlob(column) { bytes in unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) } }
    }

    /// The column's bytes where SQLite has them, for the time of the call.
    public func withBlob<Result, Failure: Error>(_ column: Int, _ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
        // SAFETY: valid until the next step or reset; the span cannot leave `body`, which has no way to step this statement by it.
        let start = unsafe sqlite3_column_blob(handle, Int32(column))
        let count = unsafe Int(sqlite3_column_bytes(handle, Int32(column)))
        let bytes = unsafe UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
        return try unsafe body(bytes.span)
    }
}

// The constant SQLITE_TRANSIENT, which is a cast that the importer leaves out. SAFETY: SQLite compares it and never calls it.
private var transient: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
