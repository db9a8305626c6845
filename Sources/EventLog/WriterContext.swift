// What work on the writer's thread may use: the connection inside the transaction, and appends that are part of it.

import RelayProtocol
import SQLite

/// Confined to the writer's thread and to one `perform`.
public final class WriterContext {
    public let database: Connection
    /// ms since 1970.
    public let timestamp: Int64
    private let appender: Appender

    init(database: Connection, timestamp: Int64, appender: Appender) {
        self.database = database
        self.timestamp = timestamp
        self.appender = appender
    }

    /// Appends in this transaction; visible to nobody before its commit.
    public func append(_ append: Append) throws -> Appended { try appender.append(append) }
}
