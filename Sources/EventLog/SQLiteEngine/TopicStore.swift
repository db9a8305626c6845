// The topics that the writer knows, as copies of their rows: next offset, epoch, time. The rule that keeps it right: a copy is only a copy.
// Whatever fails sets it back, from the journal of the savepoint that failed, or all of it with the transaction.

import RelayProtocol
import SQLite

struct StoredTopic {
    let number: Int64
    let name: TopicName
    /// The last event's offset and epoch.
    var head: UInt64
    var epoch: Epoch
    /// An epoch was drawn in this start of the process.
    var isOfThisStart: Bool
    var removedThrough: UInt64
    var timestamp: Int64
    /// Events there ever were, and those that are kept.
    var events: Int64
    var kept: Int64
    /// What this commit added, and how much of it stands in rows already.
    var burst = LineBurst()

    var position: Position { head == 0 ? .origin : Position(epoch: epoch, offset: head) }
}

/// Lines that one commit adds to one topic.
struct LineBurst {
    var previous = Position.origin
    var bytes: [UInt8] = []
    var ends: [Int32] = []
    var offsets: [UInt64] = []
    /// Lines before this one stand in rows.
    var stored = 0
    var isEmpty: Bool { ends.isEmpty }
}

final class TopicStore {
    private static let cachedTopics = 20_000

    private let database: Connection
    let start: UInt32
    private var topics: [TopicName: StoredTopic] = [:]
    /// Topics that this transaction has changed.
    private(set) var changed: Set<TopicName> = []
    /// What topics were before the open savepoint changed them.
    private var journal: [TopicName: StoredTopic?]?
    private var random = SystemRandomNumberGenerator()

    init(database: Connection, start: UInt32) {
        self.database = database
        self.start = start
    }

    func find(_ name: TopicName) throws -> StoredTopic? {
        if let known = topics[name] { return known }
        let row = try database.statement("SELECT number, head, start, random, removed_through, ts, events, kept FROM topics WHERE name = ?")
        row.bind(1, name.text)
        defer { row.reset() }
        guard try row.step() else { return nil }
        let epoch = Epoch(start: UInt32(row.int(2)), random: UInt32(row.int(3)))
        let topic = StoredTopic(
            number: row.int(0), name: name, head: UInt64(row.int(1)), epoch: epoch, isOfThisStart: false, removedThrough: UInt64(row.int(4)),
            timestamp: row.int(5), events: row.int(6), kept: row.int(7))
        topics[name] = topic
        return topic
    }

    /// The topic, made if it is not there.
    func need(_ name: TopicName) throws -> StoredTopic {
        if let known = try find(name) { return known }
        let insert = try database.statement(
            "INSERT INTO topics (name, head, start, random, removed_through, ts, events, kept) VALUES (?, 0, 0, 0, 0, 0, 0, 0) RETURNING number")
        insert.bind(1, name.text)
        defer { insert.reset() }
        guard try insert.step() else { throw LogError.storage("no number for a topic") }
        let topic = StoredTopic(
            number: insert.int(0), name: name, head: 0, epoch: Epoch(start: 0, random: 0), isOfThisStart: false, removedThrough: 0, timestamp: 0,
            events: 0, kept: 0)
        set(topic)
        return topic
    }

    /// Draws the epoch of this start, if it was not drawn.
    func drawEpoch(_ topic: inout StoredTopic) throws {
        guard !topic.isOfThisStart else { return }
        topic.epoch = Epoch(start: start, random: UInt32.random(in: 0..<Epoch.randomLimit, using: &random))
        topic.isOfThisStart = true
        let insert = try database.statement("INSERT INTO epochs (topic, start, random, first) VALUES (?, ?, ?, ?)")
        insert.bind(1, topic.number)
        insert.bind(2, Int(topic.epoch.start))
        insert.bind(3, Int(topic.epoch.random))
        insert.bind(4, Int64(topic.head + 1))
        try insert.run()
    }

    func set(_ topic: StoredTopic) {
        if journal?[topic.name] == nil { journal?[topic.name] = .some(topics[topic.name]) }
        topics[topic.name] = topic
        changed.insert(topic.name)
    }

    /// Gives up the store's reference to a topic's lines; `set` brings them back. Not in a savepoint, which may need them.
    func releaseLines(of name: TopicName) {
        if journal == nil { topics[name]?.burst = LineBurst() }
    }

    func remove(_ name: TopicName) {
        if journal?[name] == nil { journal?[name] = .some(topics[name]) }
        topics[name] = nil
        changed.remove(name)
    }

    // Savepoints and transactions.

    /// Runs `body` in a savepoint; what it changed here is set back when it throws.
    func savepoint<T>(_ body: () throws -> T) throws -> T {
        journal = [:]
        defer { journal = nil }
        do {
            return try database.savepoint(body)
        } catch {
            for (name, before) in journal ?? [:] {
                topics[name] = before
                if before?.burst.isEmpty ?? true { changed.remove(name) }
            }
            throw error
        }
    }

    /// Writes what rows and numbers changed; the last thing before the commit.
    func flush() throws {
        for name in changed {
            guard var topic = topics[name] else { continue }
            try RowWriter(database: database).store(&topic)
            topics[name] = topic
            let update = try database.statement(
                "UPDATE topics SET head = ?2, start = ?3, random = ?4, removed_through = ?5, ts = ?6, events = ?7, kept = ?8 WHERE number = ?1")
            update.bind(1, topic.number)
            update.bind(2, Int64(topic.head))
            update.bind(3, Int(topic.epoch.start))
            update.bind(4, Int(topic.epoch.random))
            update.bind(5, Int64(topic.removedThrough))
            update.bind(6, topic.timestamp)
            update.bind(7, topic.events)
            update.bind(8, topic.kept)
            try update.run()
        }
    }

    /// Stores one topic's lines now, so that the same transaction can read them.
    func storeLines(of name: TopicName) throws {
        guard var topic = topics[name] else { return }
        try RowWriter(database: database).store(&topic)
        topics[name] = topic
    }

    /// The transaction is committed: gives the lines that each topic got.
    func committed() -> [CommittedLines] {
        var all: [CommittedLines] = []
        for name in changed {
            guard let topic = topics[name], !topic.burst.isEmpty else { continue }
            let burst = topic.burst
            all.append(
                CommittedLines(
                    topic: name, previous: burst.previous, last: topic.position, bytes: burst.bytes, ends: burst.ends, offsets: burst.offsets,
                    epoch: topic.epoch))
            topics[name]?.burst = LineBurst()
        }
        changed = []
        if topics.count > Self.cachedTopics { topics = topics.filter { $0.value.isOfThisStart } }
        return all
    }

    /// The transaction failed: nothing of it is known any more.
    func rolledBack() {
        topics = [:]
        changed = []
    }
}
