// One transaction of the writer's: offsets, lines, rows, records, keys, blobs, the projection and what follows from it. It changes the
// database and itself, and nothing else: when it fails it is dropped.

import RelayProtocol
import SQLite

/// Confined to the writer's thread and to one transaction.
final class LogTransaction {
    let database: Connection
    /// ms since 1970.
    let now: Int64
    private let writer: LogWriter
    private let table: TopicTable
    private var bursts: [TopicName: TopicBurst] = [:]
    /// The same in the order in which they were touched.
    private(set) var order: [TopicBurst] = []
    /// Topics that this transaction removed. Their names may be in use again.
    private(set) var removed: [StoredTopic] = []
    /// The start's number is written with the first epoch that has it.
    private(set) var isStartWritten: Bool

    init(_ writer: LogWriter, now: Int64) {
        self.writer = writer
        self.now = now
        database = writer.database
        table = TopicTable(database: database)
        isStartWritten = writer.isStartWritten
    }

    /// All appends of a request. A refusal leaves nothing behind; what is thrown has spoilt the transaction.
    func append(_ appends: [Append]) throws -> Result<[Appended], LogError> {
        var replays: [Appended?] = []
        for append in appends {
            guard hasRoom(for: append.events.count, try find(append.topic)) else { return .failure(.exhausted) }
            switch try replay(append) {
            case .conflict: return .failure(.idempotencyConflict)
            case .fresh: replays.append(nil)
            case .replay(let appended): replays.append(appended)
            }
        }
        return .success(try zip(appends, replays).map { append, replay in try replay ?? add(append) })
    }

    /// Writes the rows, shows the events to the projection, and appends what follows from them. Before the commit, and whenever the same
    /// transaction is to read what it wrote.
    func settle() throws {
        for round in 0...ProjectedEvents.derivedRounds {
            var derived: [Append] = []
            for burst in order where !burst.isSettled { derived += try settle(burst) }
            if derived.isEmpty || round == ProjectedEvents.derivedRounds { return }
            for append in derived { _ = try add(append) }
        }
    }

    private func settle(_ burst: TopicBurst) throws -> [Append] {
        try RowTable(database: database).store(burst)
        guard let batch = burst.takeUnprojected() else { return [] }
        return try writer.projection.apply(batch, in: database)
    }

    // Topics.

    private func find(_ name: TopicName) throws -> StoredTopic? {
        if let burst = bursts[name] { return burst.topic }
        // Its row is gone, but only this transaction knows.
        return removed.contains { $0.name == name } ? nil : try writer.known.find(name)
    }

    private func burst(_ name: TopicName) throws -> TopicBurst {
        if let burst = bursts[name] { return burst }
        let burst = TopicBurst(try find(name) ?? table.make(name))
        bursts[name] = burst
        order.append(burst)
        return burst
    }

    /// The topic's name is free at once; its rows go in slices, later. False if there is no such topic.
    func remove(_ name: TopicName) throws -> Bool {
        guard let topic = try find(name) else { return false }
        try settle()
        try Removal(database: database).doom(topic.number)
        bursts[name] = nil
        order.removeAll { $0.topic.name == name }
        removed.append(topic)
        return true
    }

    // Events.

    private func add(_ append: Append) throws -> Appended {
        let burst = try burst(append.topic)
        if let record = append.record { try table.setRecord(record, of: burst.topic.number) }
        guard !append.events.isEmpty else {
            return Appended(first: burst.topic.head, last: burst.topic.head, count: 0, isReplay: false)
        }
        guard hasRoom(for: append.events.count, burst.topic) else { throw LogError.exhausted }
        let epoch = try epoch(of: burst.topic)
        let first = Position(epoch: epoch, offset: burst.topic.head.offset + 1)
        burst.add(append.events, epoch: epoch, now: now)
        let appended = Appended(first: first, last: burst.topic.head, count: append.events.count, isReplay: false)
        if let key = append.idempotency { try keys.remember(key, burst.topic.number, appended, now: now) }
        return appended
    }

    private func hasRoom(for count: Int, _ topic: StoredTopic?) -> Bool {
        (topic?.head.offset ?? 0) + UInt64(count) < Position.offsetLimit
    }

    /// This start's epoch of a topic, drawn at its first append.
    private func epoch(of topic: StoredTopic) throws -> Epoch {
        guard topic.head.epoch.start != writer.start else { return topic.head.epoch }
        if !isStartWritten {
            try database.execute("UPDATE meta SET value = \(writer.start) WHERE name = 'starts'")
            isStartWritten = true
        }
        let epoch = Epoch(start: writer.start, random: .random(in: 0..<Epoch.randomLimit))
        try table.add(epoch, to: topic.number, first: topic.head.offset + 1)
        return epoch
    }

    // Keys and blobs.

    private var keys: KeyTable { KeyTable(database: database) }

    private func replay(_ append: Append) throws -> KeyTable.Answer {
        guard let key = append.idempotency, let topic = try find(append.topic) else { return .fresh }
        return try keys.ask(key, topic.number, notBefore: now - writer.options.keptKeys)
    }

    /// Makes a stored blob reachable for the events that this transaction has added to its topic. False if the topic had it already.
    func attach(_ blob: StoredBlob) throws -> Bool {
        let topic = try burst(blob.topic).topic
        return try BlobTable(database: database).attach(blob, to: topic.number, for: topic.head.offset)
    }

    /// The same for one that the topic had before.
    func need(_ blob: Blob) throws {
        let topic = try burst(blob.topic).topic
        try BlobTable(database: database).need(blob.hash, topic.number, for: topic.head.offset)
    }
}
