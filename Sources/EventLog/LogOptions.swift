// The log's bounds. Those of the file (page size, row bound) hold for the life of a database.

import Reactor

public struct LogOptions: Sendable {
    /// Bytes of events that wait for the writer; beyond, appends are refused as overloaded.
    public var queuedBytes = 64 << 20
    /// Threads that read.
    public var readers = 2
    /// Events that `opencode` and `lobby` keep.
    public var keptServerEvents = 10_000
    public var keptLobbyEvents = 100_000
    /// How long an idempotency key is kept, ms.
    public var keptKeys: Int64 = 24 * 3600 * 1000
    /// For tests: the most pages that the database may have; 0: no bound.
    public var maximumPages = 0
    /// The clock, ms since 1970.
    public var now: @Sendable () -> Int64

    public init(now: @escaping @Sendable () -> Int64 = { WallClock.now }) { self.now = now }
}
