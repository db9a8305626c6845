// The log's bounds. The page size holds for the life of a database.

import Reactor
import RelayProtocol

public struct LogOptions: Sendable {
    /// Bytes of events that wait for the writer; beyond, appends to plain topics are refused as overloaded.
    public var queuedBytes = Limits.writerQueueBytes
    /// Threads that read.
    public var readers = 2
    /// Looks through whole topics that may wait for the one thread that does them.
    public var slowReads = 64
    /// Events that `opencode` and `lobby` keep.
    public var keptServerEvents = Limits.opencodeEvents
    public var keptLobbyEvents = Limits.lobbyEvents
    /// How long an idempotency key is kept, ms.
    public var keptKeys = Int64(Limits.idempotencyHours) * 3_600_000
    /// For tests: the most pages that the database may have; 0: no bound.
    public var maximumPages = 0
    /// The clock, ms since 1970.
    public var now: @Sendable () -> Int64
    /// Where the log's numbers are counted.
    public var counters = Counters()

    /// Bytes of appends in one transaction; a larger one has its own. It bounds how long the others wait for their commit.
    var groupBytes = 4 << 20
    var pageSize = Schema.pageSize
    /// Pages in the WAL from which a commit copies them into the database: 8 MiB.
    var checkpointPages = 2000
    /// Of the writer's page cache.
    var cacheBytes = 16 << 20

    public init(now: @escaping @Sendable () -> Int64 = { WallClock.now }) { self.now = now }
}
