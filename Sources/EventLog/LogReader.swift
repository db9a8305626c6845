// Reading: connections that cannot write, each on a thread of its own. A read transaction lasts one page or one answer; a longer one would
// keep the writer from using its WAL anew.

import SQLite

/// Confined to one reader thread.
public final class LogReader {
    public let database: Connection

    init(path: String) throws { database = try Connection(path: path, mode: .readOnly) }

    /// One view of the log for everything in `body`.
    public func transaction<T>(_ body: (LogSnapshot) throws -> T) throws -> T {
        try database.readTransaction { try body(LogSnapshot(database: database)) }
    }
}
