// What SQLite answers when it does not do what it was asked.

import CSQLite

public struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The extended result code.
    public let code: Int32
    public let message: String
    /// What was being done.
    public let doing: String

    public init(code: Int32, message: String, doing: String) {
        self.code = code
        self.message = message
        self.doing = doing
    }

    public var isFull: Bool { code & 0xFF == SQLITE_FULL }
    public var isCorrupt: Bool { code & 0xFF == SQLITE_CORRUPT || code & 0xFF == SQLITE_NOTADB }
    public var isReadOnly: Bool { code & 0xFF == SQLITE_READONLY || code & 0xFF == SQLITE_CANTOPEN || code & 0xFF == SQLITE_PERM }
    public var isBusy: Bool { code & 0xFF == SQLITE_BUSY }
    public var isConstraint: Bool { code & 0xFF == SQLITE_CONSTRAINT }

    public var description: String { "SQLite: \(message) (\(code)) at: \(doing)" }
}
