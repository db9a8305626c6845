// The log: durable topics, one writer, a few readers. Safe to use from any thread; answers come on the writer's or a reader's thread.

import Reactor
import RelayProtocol
import SQLite

public final class EventLog: Sendable {
    public let folder: String
    public let statistics: LogStatistics
    /// The time of day that stands in its rows, ms since 1970.
    public let now: @Sendable () -> Int64
    private let lock: LockHolder
    private let load: WriterLoad
    private let requests = BlockingQueue<WriterRequest>()
    private let readers: ReaderPool
    /// One thread for what reads a whole topic at once, so that it holds up nobody but its like.
    private let slowReader: ReaderPool
    private let writer: WorkerThread

    /// Opens or creates the log of a data folder and starts its threads. Takes the folder's lock until `close`. What is wrong with the folder
    /// or the database is known when this returns.
    public static func open(
        folder: String, options: LogOptions = LogOptions(), projection: @escaping @Sendable () -> any Projection, logger: Logger
    ) throws(LogError) -> EventLog {
        let lock = LockHolder(try FolderLock.take(folder: folder))
        do {
            return try EventLog(folder, lock, options, projection, logger)
        } catch {
            lock.release()
            throw error
        }
    }

    /// The process that has the log of a folder open, if one has.
    public static func writer(ofFolder folder: String) -> Int32? { FolderLock.holder(ofFolder: folder) }

    private init(
        _ folder: String, _ lock: LockHolder, _ options: LogOptions, _ projection: @escaping @Sendable () -> any Projection,
        _ logger: Logger
    ) throws(LogError) {
        self.folder = folder
        self.lock = lock
        now = options.now
        let load = WriterLoad(limit: options.queuedBytes)
        let statistics = LogStatistics(options.counters)
        (self.load, self.statistics) = (load, statistics)
        let file = DatabaseFile(folder: folder)
        let (requests, opened) = (requests, BlockingQueue<Result<Void, LogError>>())
        writer = WorkerThread(name: "log-writer") {
            // Held by this thread as well: a log that is dropped without `close` still writes what waits.
            defer { extendLifetime(lock) }
            do {
                let writer = try LogWriter(
                    file.open(options), projection: projection(), options: options, load: load, statistics: statistics, logger: logger)
                opened.post(always: .success(()))
                writer.run(requests)
            } catch {
                opened.post(always: .failure(LogError(error)))
            }
        }
        if case .failure(let error)? = opened.take() {
            writer.join()
            throw error
        }
        readers = ReaderPool(path: file.path, threads: options.readers)
        slowReader = ReaderPool(path: file.path, threads: 1, capacity: options.slowReads)
    }

    // Writing.

    /// Bytes that wait: for the writer, or for a reader's thread to look through them first.
    public var queuedBytes: Int { load.bytes }

    /// Counts bytes that wait for something else before the writer gets them; false when too much waits. `release` takes them back.
    public func reserve(_ bytes: Int) -> Bool { load.reserve(bytes) }
    public func release(_ bytes: Int) { load.release(bytes) }

    /// Appends in one transaction, blobs before it. `done` is called on the writer's thread after the commit (or the failure), and after
    /// the notices to who watches. When too much is queued, appends to plain topics are refused: `done` is called at once, on this thread.
    /// The engine's own topics have ingest's bound.
    public func append(_ appends: [Append], blobs: [Blob] = [], _ done: @escaping @Sendable (Result<[Appended], LogError>) -> Void) {
        append(each: [AppendRequest(appends, blobs, done)])
    }

    /// The same for several requests, each whole or not at all by itself. The writer finds them together, so they are one commit.
    public func append(each all: [AppendRequest]) {
        let admitted = all.filter { request in
            let isAdmitted = admit(request)
            if !isAdmitted { request.done(.failure(.overloaded)) }
            return isAdmitted
        }
        guard !requests.post(all: admitted.map { .append($0) }) else { return }
        for request in admitted {
            load.release(request.bytes)
            request.done(.failure(.closed))
        }
    }

    private func admit(_ request: AppendRequest) -> Bool {
        if request.appends.contains(where: { $0.topic.kind == .plain }) { return load.reserve(request.bytes) }
        load.add(request.bytes)
        return true
    }

    /// Runs `work` on the writer's thread in a transaction of its own; what it throws undoes it. `done` comes after the commit.
    /// - Parameter bytes: what it holds while it waits. When too much is queued it is refused: `done` is called at once, on this thread.
    public func perform<T: Sendable>(
        holding bytes: Int = 0, _ work: @escaping @Sendable (WriterContext) throws -> T,
        _ done: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        guard bytes == 0 || load.reserve(bytes) else { return done(.failure(LogError.overloaded)) }
        let release: @Sendable () -> Void = { [load] in if bytes > 0 { load.release(bytes) } }
        let request = PerformRequest { context in
            let value = try work(context)
            return {
                release()
                done(.success(value))
            }
        } failed: { error in
            release()
            done(.failure(error))
        }
        if !requests.post(always: .perform(request)) { request.failed(LogError.closed) }
    }

    /// Commits something that nobody reads, and gives why that failed: whether the log can be written again, where nobody else writes.
    public func probe(_ done: @escaping @Sendable (_ failure: (any Error)?) -> Void) {
        perform({ try $0.probe() }, { result in if case .failure(let error) = result { done(error) } else { done(nil) } })
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
        readers.run { reader in done(Result { try job(reader.get()) }) }
    }

    /// The same for what may take seconds: such jobs run one after the other, on a thread of their own. Where too many wait `done` is called at
    /// once, on this thread, with `LogError.overloaded`.
    public func readSlowly<T: Sendable>(
        _ job: @escaping @Sendable (LogReader) throws -> T, _ done: @escaping @Sendable (Result<T, any Error>) -> Void
    ) {
        slowReader.run { reader in done(Result { try job(reader.get()) }) }
    }

    /// Writes what waits, then ends the threads and gives the folder back. Not from the log's own threads.
    public func close() {
        requests.close()
        readers.close()
        slowReader.close()
        // The last connection that closes puts the WAL into the database.
        writer.join()
        lock.release()
    }

    deinit {
        requests.close()
        readers.stop()
        slowReader.stop()
    }
}
