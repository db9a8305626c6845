// The writer: one thread, one connection that writes. It takes whatever has arrived while the last commit ran, makes one transaction of it,
// commits, then tells the loops, and only then whoever waits. Durable before visible is this order and nothing else.

import Reactor
import RelayProtocol
import SQLite

/// Lives on the writer's thread.
final class LogWriter {
    let database: SQLite.Connection
    let projection: any Projection
    let options: LogOptions
    let logger: Logger
    let load: WriterLoad
    let statistics: LogStatistics
    /// The number of this start.
    let start: UInt32
    private(set) var isStartWritten = false
    var known: KnownTopics
    var watchers = Watchers()
    var chores: Chores
    private var checkpointedPages: UInt32 = 0
    private var isBroken = false

    init(
        _ database: SQLite.Connection, projection: any Projection, options: LogOptions, load: WriterLoad, statistics: LogStatistics,
        logger: Logger
    ) throws {
        self.database = database
        self.projection = projection
        self.options = options
        self.load = load
        self.statistics = statistics
        self.logger = logger
        guard try database.number("SELECT value FROM meta WHERE name = 'rebuilding'") == 0 else { throw LogError.rebuildUnfinished }
        let starts = try database.number("SELECT value FROM meta WHERE name = 'starts'")
        // The last number is used again and again; the random half of the epochs still differs.
        start = UInt32(min(starts + 1, Int64(Epoch.startLimit) - 1))
        try database.transaction { try projection.install(in: database) }
        // SQLite's own checkpoints keep their errors to themselves.
        try database.execute("PRAGMA wal_autocheckpoint = 0")
        known = KnownTopics(database: database)
        chores = try Chores(database)
        for name in [TopicName.lobby, .opencode] { _ = try known.find(name) }
    }

    /// Until the queue is closed and empty.
    func run(_ queue: BlockingQueue<WriterRequest>) {
        while let requests = next(queue) {
            handle(requests)
            watchers.settle()
            checkpoint()
            tidy()
        }
    }

    private func next(_ queue: BlockingQueue<WriterRequest>) -> [WriterRequest]? {
        if chores.areLeft { return queue.takeAll(within: .zero) }
        return watchers.isOwing ? queue.takeAll(within: .milliseconds(5)) : queue.takeAll()
    }

    /// Appends are committed together; works and removals have a transaction each, so that one that fails takes nothing with it.
    private func handle(_ requests: [WriterRequest]) {
        var group: [AppendRequest] = []
        var bytes = 0
        func commitGroup() {
            commit(group)
            (group, bytes) = ([], 0)
        }
        for request in requests {
            switch request {
            case .append(let append):
                group.append(append)
                bytes += append.bytes
                if bytes >= options.groupBytes { commitGroup() }
            case .perform(let work):
                commitGroup()
                perform(work)
            case .delete(let name, let done):
                commitGroup()
                delete(name, done)
            // What is committed decides, not what waits in the group.
            case .watch(let name, let sink): watchers.watch(name, sink, head: (try? known.find(name))?.head ?? .origin)
            case .unwatch(let name, let sink): watchers.unwatch(name, sink)
            }
        }
        commitGroup()
    }

    private func perform(_ request: PerformRequest) {
        do {
            let done = try write { transaction in try request.work(WriterContext(transaction)) }
            done()
        } catch {
            request.failed(error is SQLiteError ? LogError(error) : error)
        }
    }

    private func delete(_ name: TopicName, _ done: @Sendable (Result<Bool, LogError>) -> Void) {
        let result = Result { try write { try $0.remove(name) } }
        done(result.mapError { LogError($0) })
    }

    /// A transaction, and after its commit what it has to tell. When it throws, nothing has happened.
    func write<T>(_ body: (LogTransaction) throws -> T) throws -> T {
        let transaction = LogTransaction(self, now: options.now())
        do {
            let value = try database.transaction {
                let value = try body(transaction)
                try transaction.settle()
                return value
            }
            publish(transaction)
            return value
        } catch {
            projection.rolledBack()
            notStored(error, "a commit failed")
            throw error
        }
    }

    /// What somebody handed in is not in the log.
    func notStored(_ error: any Error, _ what: StaticString) {
        if error is SQLiteError { statistics.isFailing.set(1) }
        failed(error, what)
    }

    /// Errors of the disk are the operator's; the others are told to whoever asked. That nothing is written after a failed sync is the
    /// connection's to see to.
    func failed(_ error: any Error, _ what: StaticString) {
        statistics.failures.add()
        guard let error = error as? SQLiteError, !isBroken else { return }
        if database.failedSync != nil {
            isBroken = true
            chores.arePaused = true
            statistics.isBroken.set(1)
        }
        logger.error(what, [("error", "\(error)"), ("hint", LogError(error).hint ?? "-")])
    }

    /// After the answers, so that nobody waits for it; and on this thread, so that the WAL cannot outgrow it.
    private func checkpoint() {
        guard database.failedSync == nil, database.pagesWritten &- checkpointedPages >= options.checkpointPages else { return }
        do {
            if try database.checkpoint() { checkpointedPages = database.pagesWritten }
        } catch { failed(error, "a checkpoint failed") }
    }

    private func publish(_ transaction: LogTransaction) {
        isStartWritten = transaction.isStartWritten
        statistics.commits.add()
        statistics.isFailing.set(0)
        chores.arePaused = false
        for topic in transaction.removed {
            known.remove(topic.name)
            chores.add(doomed: topic.number)
            watchers.removed(topic.name)
        }
        for burst in transaction.order {
            known.set(burst.topic)
            guard !burst.ends.isEmpty else { continue }
            statistics.events.add(burst.ends.count)
            statistics.bytes.add(burst.bytes.count)
            if watchers.isWatched(burst.topic.name) { watchers.committed(burst.committed) }
        }
    }
}
