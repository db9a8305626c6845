// What work on the writer's thread may use: the connection inside the transaction, and appends that are part of it.

import RelayProtocol
import SQLite

/// Confined to the writer's thread and to one `perform`.
public final class WriterContext {
    private let transaction: LogTransaction

    init(_ transaction: LogTransaction) { self.transaction = transaction }

    public var database: Connection { transaction.database }
    /// ms since 1970.
    public var timestamp: Int64 { transaction.now }

    /// Another value each time: SQLite does not write what has not changed.
    func probe() throws {
        let row = try database.statement("INSERT OR REPLACE INTO meta (name, value) VALUES ('probed', ?1)")
        row.bind(1, timestamp)
        try row.run()
    }

    /// Appends in this transaction; its rows and the projection's can be read at once, by nobody else before the commit.
    public func append(_ append: Append) throws -> Appended {
        let appended = try transaction.append([append]).get()[0]
        try transaction.settle()
        return appended
    }

    /// Removes a topic in this transaction: its name is free at once, its rows go later, in slices. False if there is none.
    public func remove(_ topic: TopicName) throws -> Bool { try transaction.remove(topic) }
}
