// What SQLite said when it refused, captured at once: the extended result code, its message, and the text that was being run.

import CSQLite

public struct SQLiteError: Error, Sendable, Equatable {
    /// The extended result code (sqlite.org/rescode.html).
    public let code: Int32
    public let message: String
    /// The statement, the pragma or the path.
    public let context: String

    public init(code: Int32, message: String, context: String) {
        self.code = code
        self.message = message
        self.context = context
    }

    /// What it means for whoever must decide; `other` is a bug of ours or of the disk's.
    public enum Kind: Sendable, Equatable {
        case busy, diskFull, readOnly, corrupt, notADatabase, cannotOpen, synchronizing, inputOutput, constraint, other
    }

    public var kind: Kind {
        // A failed write or fsync says nothing about what is on the disk now, and the next one may succeed without having written it.
        if [3, 4, 5].contains(code >> 8), code & 0xFF == SQLITE_IOERR { return .synchronizing }
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED: return .busy
        case SQLITE_FULL: return .diskFull
        case SQLITE_READONLY: return .readOnly
        case SQLITE_CORRUPT: return .corrupt
        case SQLITE_NOTADB: return .notADatabase
        case SQLITE_CANTOPEN, SQLITE_PERM: return .cannotOpen
        case SQLITE_IOERR: return .inputOutput
        case SQLITE_CONSTRAINT: return .constraint
        default: return .other
        }
    }
}

extension SQLiteError: CustomStringConvertible {
    public var description: String { "\(message) (\(code)) in: \(context)" }
}
