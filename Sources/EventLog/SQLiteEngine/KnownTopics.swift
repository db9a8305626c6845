// The writer's copies of topics as they are committed: next offset, epoch, time. The rule that keeps it right: a transaction works on copies
// of its own, which come here after its commit; so one that fails leaves nothing to set back.

import RelayProtocol
import SQLite

struct KnownTopics {
    private static let atMost = 20_000
    private let table: TopicTable
    private var topics: [TopicName: StoredTopic] = [:]

    init(database: Connection) { table = TopicTable(database: database) }

    /// Nil for a topic that does not exist. Asks the database for what is not remembered.
    mutating func find(_ name: TopicName) throws -> StoredTopic? {
        if let known = topics[name] { return known }
        guard let found = try table.find(name) else { return nil }
        set(found)
        return found
    }

    /// Without asking the database.
    subscript(name: TopicName) -> StoredTopic? { topics[name] }

    mutating func set(_ topic: StoredTopic) {
        if topics.count >= Self.atMost { topics.removeAll(keepingCapacity: true) }
        topics[topic.name] = topic
    }

    mutating func remove(_ name: TopicName) { topics[name] = nil }
}
