// The writer: one thread, one connection that writes. It takes whatever has arrived while the last commit ran, makes one transaction of it,
// commits, and only then tells the loops and whoever waits. Durable before visible is this order and nothing else.

import Reactor
import RelayProtocol
import SQLite

/// What the writer is asked, from any thread.
enum WriterRequest: Sendable {
    case append([Append], [Blob], bytes: Int, @Sendable (Result<[Appended], LogError>) -> Void)
    /// The closure does its work in a savepoint and gives what is to be called after the commit (nil) or after a failure.
    case perform(@Sendable (WriterContext) throws -> @Sendable (LogError?) -> Void, @Sendable (any Error) -> Void)
    case watch(TopicName, any CommitSink)
    case unwatch(TopicName, any CommitSink)
    case delete(TopicName, @Sendable (Result<Bool, LogError>) -> Void)
}

/// Lives on the writer's thread.
final class LogWriter {
    /// How often keys that are too old are looked for, ms.
    private static let keySweep: Int64 = 600_000

    private let database: SQLite.Connection
    private let projection: any Projection
    private let topics: TopicStore
    private let options: LogOptions
    private let logger: Logger
    private let load: WriterLoad
    private var watchers = Watchers()
    private var doomed: [Int64]
    private var lastSweep: Int64 = 0

    init(database: SQLite.Connection, projection: any Projection, start: UInt32, options: LogOptions, load: WriterLoad, logger: Logger) throws {
        self.database = database
        self.projection = projection
        self.options = options
        self.load = load
        self.logger = logger
        topics = TopicStore(database: database, start: start)
        doomed = try Removal(database: database).doomed()
    }

    /// Until the queue is closed and empty.
    func run(_ queue: BlockingQueue<WriterRequest>) {
        while let group = next(queue) {
            if !group.isEmpty { handle(group) }
            watchers.settle()
            tidy()
        }
    }

    private func next(_ queue: BlockingQueue<WriterRequest>) -> [WriterRequest]? {
        if !doomed.isEmpty { return queue.takeAll(within: .zero) }
        return watchers.isOwing ? queue.takeAll(within: .milliseconds(10)) : queue.takeAll()
    }

    private func handle(_ group: [WriterRequest]) {
        var writes: [WriterRequest] = []
        for request in group {
            switch request {
            case .append, .perform: writes.append(request)
            case .watch, .unwatch, .delete:
                commit(writes)
                writes = []
                handle(alone: request)
            }
        }
        commit(writes)
    }

    private func handle(alone request: WriterRequest) {
        switch request {
        case .watch(let name, let sink): watchers.watch(name, sink, head: (try? topics.find(name))?.position ?? .origin)
        case .unwatch(let name, let sink): watchers.unwatch(name, sink)
        case .delete(let name, let done): delete(name, done)
        case .append, .perform: break
        }
    }

    // Writing.

    private func commit(_ group: [WriterRequest]) {
        guard !group.isEmpty else { return }
        do {
            try storeBlobs(group)
            let done = try transaction(group)
            for lines in topics.committed() { watchers.tell(lines) }
            for call in done { call(nil) }
        } catch {
            rollBack()
            // One that cannot be written shall not take the others with it.
            if group.count > 1 { return group.forEach { commit([$0]) } }
            logger.error("commit failed", [("error", "\(error)")])
            fail(group[0], error)
        }
    }

    private func rollBack() {
        topics.rolledBack()
        projection.rolledBack()
    }

    private func transaction(_ group: [WriterRequest]) throws -> [@Sendable (LogError?) -> Void] {
        try database.transaction {
            let now = options.now()
            let appender = Appender(database: database, topics: topics, projection: projection, now: now)
            let done = try group.compactMap { request in try write(request, appender) }
            try topics.flush()
            return done
        }
    }

    /// Gives what to call after the commit.
    private func write(_ request: WriterRequest, _ appender: Appender) throws -> (@Sendable (LogError?) -> Void)? {
        switch request {
        case .append(let appends, let blobs, let bytes, let done):
            let load = load
            do {
                try checkKeys(appends)
                let appended = try appends.map(appender.append)
                for blob in blobs { try BlobStore(database: database).makeReachable(blob, topic: topics.need(blob.topic).number) }
                return { error in
                    load.release(bytes)
                    done(error.map { .failure($0) } ?? .success(appended))
                }
            } catch let error as LogError where error == .idempotencyConflict {
                return { _ in
                    load.release(bytes)
                    done(.failure(error))
                }
            }
        case .perform(let work, let failed):
            do {
                return try topics.savepoint {
                    try work(WriterContext(database: database, timestamp: appender.now, appender: appender))
                }
            } catch let error where !(error is SQLiteError) {
                projection.rolledBack()
                return { _ in failed(error) }
            }
        case .watch, .unwatch, .delete: return nil
        }
    }

    /// Before anything of the request is written: a conflict leaves nothing behind.
    private func checkKeys(_ appends: [Append]) throws {
        guard appends.count == 1, let key = appends[0].idempotency, let topic = try topics.find(appends[0].topic) else { return }
        let row = try database.statement("SELECT hash FROM idempotency WHERE topic = ? AND key = ?")
        row.bind(1, topic.number)
        row.bind(2, key.key)
        defer { row.reset() }
        if try row.step(), row.blob(0) != key.bodyHash { throw LogError.idempotencyConflict }
    }

    private func fail(_ request: WriterRequest, _ error: any Error) {
        switch request {
        case .append(_, _, let bytes, let done):
            load.release(bytes)
            done(.failure(LogError(error)))
        case .perform(_, let failed): failed(LogError(error))
        case .watch, .unwatch, .delete: break
        }
    }

    private func storeBlobs(_ group: [WriterRequest]) throws {
        for case .append(_, let blobs, _, _) in group where !blobs.isEmpty {
            try database.transaction {
                for blob in blobs { try BlobStore(database: database).store(blob, topic: topics.need(blob.topic).number) }
                try topics.flush()
            }
            _ = topics.committed()
        }
    }

    // Removing.

    private func delete(_ name: TopicName, _ done: @Sendable (Result<Bool, LogError>) -> Void) {
        do {
            guard let topic = try topics.find(name) else { return done(.success(false)) }
            try database.transaction { try Removal(database: database).doom(topic.number) }
            topics.remove(name)
            doomed.append(topic.number)
            watchers.removed(name)
            done(.success(true))
        } catch {
            rollBack()
            done(.failure(LogError(error)))
        }
    }

    /// Between commits: a slice of what is to go.
    private func tidy() {
        do {
            try trim(.opencode, keeping: options.keptServerEvents)
            try trim(.lobby, keeping: options.keptLobbyEvents)
            if let topic = doomed.first {
                let isLeft = try database.transaction { try Removal(database: database).slice(ofDoomed: topic) }
                if !isLeft { doomed.removeFirst() }
            }
            let now = options.now()
            if now - lastSweep > Self.keySweep {
                lastSweep = now
                try database.transaction { try Removal(database: database).forgetKeys(before: now - options.keptKeys) }
            }
        } catch {
            rollBack()
            logger.error("tidying failed", [("error", "\(error)")])
            doomed = []
        }
    }

    private func trim(_ name: TopicName, keeping limit: Int) throws {
        // Not for each event: a slice is worth its commit.
        guard let topic = try topics.find(name), topic.kept > Int64(limit + limit / 10) else { return }
        try database.transaction {
            guard let changed = try Removal(database: database).trim(topic, keeping: limit) else { return }
            topics.set(changed)
            try topics.flush()
        }
        _ = topics.committed()
    }
}
