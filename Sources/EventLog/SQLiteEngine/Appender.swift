// One append inside the writer's transaction: offsets, lines, the record, the key, the projection and what follows from it.

import RelayProtocol
import SQLite

struct Appender {
    let database: Connection
    let topics: TopicStore
    let projection: any Projection
    /// ms since 1970, of this transaction.
    let now: Int64

    func append(_ append: Append) throws -> Appended {
        if let key = append.idempotency, let topic = try topics.find(append.topic), let known = try find(key, topic) { return known }
        let appended = try add(append)
        if let key = append.idempotency { try remember(key, append.topic, appended) }
        return appended
    }

    private func add(_ append: Append, isDerived: Bool = false) throws -> Appended {
        var topic = try topics.need(append.topic)
        if let record = append.record { try store(record, topic) }
        guard !append.events.isEmpty else {
            return Appended(first: topic.position, last: topic.position, count: 0, isReplay: false)
        }
        try topics.drawEpoch(&topic)
        guard topic.head + UInt64(append.events.count) < Position.offsetLimit else { throw LogError.exhausted }
        topic.timestamp = max(now, topic.timestamp)
        let firstOffset = topic.head + 1
        write(append.events, to: &topic)
        topics.set(topic)
        if !append.topic.isPlain { try project(append, topic, firstOffset, isDerived) }
        return Appended(
            first: Position(epoch: topic.epoch, offset: firstOffset), last: topic.position, count: append.events.count, isReplay: false)
    }

    private func write(_ events: [Event], to topic: inout StoredTopic) {
        if topic.burst.isEmpty { topic.burst.previous = topic.position }
        // Without this the lines would be copied for each append that joins them.
        topics.releaseLines(of: topic.name)
        for event in events {
            topic.head += 1
            EventLine.append(event, at: Position(epoch: topic.epoch, offset: topic.head), timestamp: topic.timestamp, to: &topic.burst.bytes)
            topic.burst.ends.append(Int32(topic.burst.bytes.count))
            topic.burst.offsets.append(topic.head)
        }
        topic.events += Int64(events.count)
        topic.kept += Int64(events.count)
    }

    private func project(_ append: Append, _ topic: StoredTopic, _ firstOffset: UInt64, _ isDerived: Bool) throws {
        try topics.storeLines(of: append.topic)
        let batch = ProjectedEvents(
            topic: append.topic, topicNumber: topic.number, epoch: topic.epoch, timestamp: topic.timestamp, firstOffset: firstOffset,
            events: append.events)
        let derived = try projection.apply(batch, in: database)
        guard !isDerived else { return }
        for append in derived { _ = try add(append, isDerived: true) }
    }

    private func store(_ record: [UInt8], _ topic: StoredTopic) throws {
        let replace = try database.statement("INSERT OR REPLACE INTO records (topic, bytes) VALUES (?, ?)")
        replace.bind(1, topic.number)
        replace.bind(2, record)
        try replace.run()
    }

    // Idempotency keys.

    private func find(_ key: IdempotencyKey, _ topic: StoredTopic) throws -> Appended? {
        let row = try database.statement("SELECT hash, start, random, first, last, events FROM idempotency WHERE topic = ? AND key = ?")
        row.bind(1, topic.number)
        row.bind(2, key.key)
        defer { row.reset() }
        guard try row.step() else { return nil }
        guard row.blob(0) == key.bodyHash else { throw LogError.idempotencyConflict }
        let epoch = Epoch(start: UInt32(row.int(1)), random: UInt32(row.int(2)))
        return Appended(
            first: Position(epoch: epoch, offset: UInt64(row.int(3))), last: Position(epoch: epoch, offset: UInt64(row.int(4))),
            count: Int(row.int(5)), isReplay: true)
    }

    private func remember(_ key: IdempotencyKey, _ name: TopicName, _ appended: Appended) throws {
        guard let topic = try topics.find(name) else { return }
        let insert = try database.statement(
            "INSERT INTO idempotency (topic, key, hash, start, random, first, last, events, ts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        insert.bind(1, topic.number)
        insert.bind(2, key.key)
        insert.bind(3, key.bodyHash)
        insert.bind(4, Int(appended.first.epoch.start))
        insert.bind(5, Int(appended.first.epoch.random))
        insert.bind(6, Int64(appended.first.offset))
        insert.bind(7, Int64(appended.last.offset))
        insert.bind(8, appended.count)
        insert.bind(9, now)
        try insert.run()
    }
}

extension TopicName {
    var isPlain: Bool { kind == .plain }
}
