// The log: durable topics, one writer, a few readers. Safe to use from any thread; answers come on the writer's or a reader's thread.

import Reactor
import RelayProtocol
import SQLite

public final class EventLog: Sendable {
    public static let fileName = "reprise.db"

    public let folder: String
    private let lock: LockHolder
    private let load: WriterLoad
    private let requests = BlockingQueue<WriterRequest>()
    private let jobs = BlockingQueue<@Sendable (LogReader) -> Void>()
    private let writer: WorkerThread
    private let readers: [WorkerThread]

    /// Opens or creates the log of a data folder and starts its threads. Takes the folder's lock until `close`.
    public static func open(
        folder: String, options: LogOptions = LogOptions(), projection: @escaping @Sendable () -> any Projection, logger: Logger
    ) throws(LogError) -> EventLog {
        do {
            return try EventLog(folder, options, projection, logger)
        } catch { throw LogError(error) }
    }

    private init(_ folder: String, _ options: LogOptions, _ projection: @escaping @Sendable () -> any Projection, _ logger: Logger) throws {
        self.folder = folder
        lock = LockHolder(try FolderLock.take(folder: folder))
        let load = WriterLoad(limit: options.queuedBytes)
        self.load = load
        let path = folder + "/" + Self.fileName
        let start = try Self.beginStart(path, options, projection)
        let (requests, jobs) = (requests, jobs)
        writer = WorkerThread(name: "log-writer") {
            do {
                let database = try SQLite.Connection(path: path, mode: .readWrite)
                try Schema.prepare(database, path: path, options: options)
                try LogWriter(database: database, projection: projection(), start: start, options: options, load: load, logger: logger).run(requests)
            } catch {
                logger.error("the log writer stopped", [("error", "\(error)")])
                requests.close()
            }
        }
        readers = (0..<max(1, options.readers)).map { number in
            WorkerThread(name: "log-reader-\(number)") {
                guard let reader = try? LogReader(path: path) else { return logger.error("a log reader did not start", []) }
                while let job = jobs.take() { job(reader) }
            }
        }
    }

    /// Checks the database, counts this start, installs the projection's tables, removes what a crash left. On the caller's thread, so that
    /// what is wrong is known before anything listens.
    private static func beginStart(_ path: String, _ options: LogOptions, _ projection: @Sendable () -> any Projection) throws -> UInt32 {
        let database = try SQLite.Connection(path: path, mode: .readWrite)
        try Schema.prepare(database, path: path, options: options)
        return try database.transaction {
            try projection().install(in: database)
            try BlobStore(database: database).removeOrphans()
            try database.execute("UPDATE meta SET value = value + 1 WHERE name = 'starts'")
            let start = try Schema.number(database, "SELECT value FROM meta WHERE name = 'starts'")
            guard start < Int64(Epoch.startLimit) else { throw LogError.exhausted }
            return UInt32(start)
        }
    }

    // Writing.

    /// Bytes that wait for the writer.
    public var queuedBytes: Int { load.queuedBytes }

    /// Appends in one transaction, blobs before it. `done` is called on the writer's thread after the commit (or the failure).
    public func append(_ appends: [Append], blobs: [Blob] = [], _ done: @escaping @Sendable (Result<[Appended], LogError>) -> Void) {
        let bytes = appends.reduce(0) { $0 + $1.events.reduce(0) { $0 + $1.payload.count + 64 } } + blobs.reduce(0) { $0 + $1.bytes.count }
        guard load.reserve(bytes) else { return done(.failure(.overloaded)) }
        if !requests.post(always: .append(appends, blobs, bytes: bytes, done)) {
            load.release(bytes)
            done(.failure(.closed))
        }
    }

    /// Runs `work` on the writer's thread inside a transaction; what it throws undoes it alone. `done` comes after the commit.
    public func perform<T: Sendable>(
        _ work: @escaping @Sendable (WriterContext) throws -> T, _ done: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        let request = WriterRequest.perform(
            { context in
                let value = try work(context)
                return { error in done(error.map { .failure($0) } ?? .success(value)) }
            }, { error in done(.failure(error)) })
        if !requests.post(always: request) { done(.failure(LogError.closed)) }
    }

    /// Removes a topic: its name is free when `done` is called (with whether there was one), its rows go in slices.
    public func delete(_ topic: TopicName, _ done: @escaping @Sendable (Result<Bool, LogError>) -> Void) {
        if !requests.post(always: .delete(topic, done)) { done(.failure(.closed)) }
    }

    /// Tells `sink` of every commit to `topic` from now on; first comes `watching` with the head.
    public func watch(_ topic: TopicName, _ sink: any CommitSink) { requests.post(always: .watch(topic, sink)) }
    public func unwatch(_ topic: TopicName, _ sink: any CommitSink) { requests.post(always: .unwatch(topic, sink)) }

    // Reading.

    /// Runs `job` on a reader's thread; `done` is called there.
    public func read<T: Sendable>(
        _ job: @escaping @Sendable (LogReader) throws -> T, _ done: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        let isTaken = jobs.post(always: { reader in done(Result { try job(reader) }) })
        if !isTaken { done(.failure(LogError.closed)) }
    }

    /// Writes what waits, then ends the threads and gives the folder back.
    public func close() {
        requests.close()
        jobs.close()
        writer.join()
        for reader in readers { reader.join() }
        lock.release()
    }
}
