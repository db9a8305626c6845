// The log's writer over memory, in steps: it takes what waits, prepares one transaction, and a later step syncs it, makes it what the disk
// has, tells who watches, then who waits. Between the two steps anything may happen, a power cut too. `DifferentialTests` hold it to the
// same answers as the log over SQLite. What it can do wrong on purpose is how tests see that the checks find it.

import Reactor
import RelayProtocol

@testable import EventLog

enum MemoryRequest: Sendable {
    case append([Append], done: @Sendable (Result<[Appended], LogError>) -> Void)
    case delete(TopicName, done: @Sendable (Result<Bool, LogError>) -> Void)
    /// In a transaction of its own; gives what to call after the commit, or with what went wrong.
    case perform(@Sendable (inout MemoryTransaction, inout SeededGenerator) -> @Sendable (LogError?) -> Void)
    case watch(TopicName, any CommitSink)
    case unwatch(TopicName, any CommitSink)
}

/// One life of the writer.
final class MemoryLog {
    enum Fault { case fanOutBeforeCommit, offsetReused }

    struct Options {
        var keptServerEvents = 10_000
        var keptLobbyEvents = 100_000
        var keptKeys: Int64 = 86_400_000
        /// As a projection's `apply`.
        var derive: (ProjectedEvents) -> [Append] = { _ in [] }
        var fault: Fault?
    }

    private struct Prepared {
        var transaction: MemoryTransaction
        /// Called after the commit, or with what went wrong.
        var completions: [(LogError?) -> Void]
    }

    let requests = SimulatedMailbox<MemoryRequest>()
    private(set) var disk: Disk
    private let options: Options
    private let start: UInt32
    let now: () -> Int64
    private var generator: SeededGenerator
    private var watchers = Watchers()
    private var batch: [MemoryRequest] = []
    private var prepared: Prepared?
    /// Told of each commit before anybody else is.
    var onCommit: (_ before: Disk, MemoryTransaction) -> Void = { _, _ in }

    init(_ disk: Disk, options: Options, seed: UInt64, now: @escaping () -> Int64) {
        (self.disk, self.options, self.now) = (disk, options, now)
        start = disk.starts + 1
        generator = SeededGenerator(seed: seed)
    }

    /// It has taken requests that are not done.
    var isAtWork: Bool { prepared != nil || !batch.isEmpty }
    var hasWork: Bool { isAtWork || !requests.isEmpty || watchers.isOwing }

    /// The next thing that the writer does; `failing`: the disk refuses the sync.
    func step(failing: LogError? = nil) {
        if prepared != nil { return sync(failing) }
        if batch.isEmpty { batch = requests.takeAll() }
        var group: [([Append], @Sendable (Result<[Appended], LogError>) -> Void)] = []
        while let request = batch.first {
            switch request {
            case .append(let appends, let done): group.append((appends, done))
            case .delete(let name, let done):
                if !group.isEmpty { return prepare(group) }
                batch.removeFirst()
                return prepare(removing: name, done)
            case .perform(let work):
                if !group.isEmpty { return prepare(group) }
                batch.removeFirst()
                return prepare(work)
            case .watch(let name, let sink): watchers.watch(name, sink, head: disk.head(name))
            case .unwatch(let name, let sink): watchers.unwatch(name, sink)
            }
            batch.removeFirst()
        }
        if !group.isEmpty { prepare(group) } else { endBatch() }
    }

    /// The process is gone. What was being synced is on the disk or is not; nobody was told.
    func powerCut(reachesDisk: Bool) -> Disk {
        if reachesDisk, let prepared {
            let before = disk
            disk = prepared.transaction.disk
            onCommit(before, prepared.transaction)
        }
        prepared = nil
        return disk
    }

    private func prepare(_ group: [([Append], @Sendable (Result<[Appended], LogError>) -> Void)]) {
        var transaction = MemoryTransaction(disk, start: start, options: options, now: now())
        var completions: [(LogError?) -> Void] = []
        for (appends, done) in group {
            let fault = options.fault == .offsetReused && UInt8.random(in: 0..<8, using: &generator) == 0
            let result = transaction.append(appends, epochs: &generator, fault: fault)
            completions.append { error in done(error.map { .failure($0) } ?? result) }
        }
        transaction.settle(epochs: &generator)
        prepared = Prepared(transaction: transaction, completions: completions)
        if options.fault == .fanOutBeforeCommit { tell(transaction) }
    }

    private func prepare(removing name: TopicName, _ done: @escaping @Sendable (Result<Bool, LogError>) -> Void) {
        var transaction = MemoryTransaction(disk, start: start, options: options, now: now())
        let isThere = transaction.remove(name, epochs: &generator)
        prepared = Prepared(transaction: transaction, completions: [{ error in done(error.map { .failure($0) } ?? .success(isThere)) }])
    }

    private func prepare(_ work: @Sendable (inout MemoryTransaction, inout SeededGenerator) -> @Sendable (LogError?) -> Void) {
        var transaction = MemoryTransaction(disk, start: start, options: options, now: now())
        let done = work(&transaction, &generator)
        transaction.settle(epochs: &generator)
        prepared = Prepared(transaction: transaction, completions: [done])
    }

    private func sync(_ failure: LogError?) {
        guard let prepared else { return }
        self.prepared = nil
        if failure == nil {
            let before = disk
            disk = prepared.transaction.disk
            onCommit(before, prepared.transaction)
            if options.fault != .fanOutBeforeCommit { tell(prepared.transaction) }
        }
        for completion in prepared.completions { completion(failure) }
        if batch.isEmpty { endBatch() }
    }

    private func tell(_ transaction: MemoryTransaction) {
        for topic in transaction.removed { watchers.removed(topic.name) }
        for burst in transaction.order where !burst.ends.isEmpty && watchers.isWatched(burst.topic.name) {
            watchers.committed(burst.committed)
        }
    }

    private func endBatch() {
        watchers.settle()
        disk.trim(.opencode, keeping: options.keptServerEvents)
        disk.trim(.lobby, keeping: options.keptLobbyEvents)
    }
}
