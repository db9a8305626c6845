// What a power cut leaves: the log as its tables have it after the last commit that was synced. A value, so that a reader's transaction is a
// copy, and a commit that fails was never there.

import RelayProtocol

@testable import EventLog
@testable import Sessions

struct Disk {
    /// Consecutive lines of one topic that one commit brought.
    struct Row {
        var last: UInt64
        var bytes: [UInt8]
    }

    struct Key {
        var bodyHash: [UInt8]
        var appended: Appended
        var timestamp: Int64
    }

    struct Topic {
        var stored: StoredTopic
        var rows: [Row] = []
        var epochs: [(first: UInt64, epoch: Epoch)] = []
        var record: [UInt8]?
        var keys: [String: Key] = [:]
        /// What the projection keeps of a session, from the first event that is more than a delta.
        var fold = FoldedSession()
        var hasRow = false
    }

    /// Number of the last start that drew an epoch.
    var starts: UInt32 = 0
    var lastNumber: Int64 = 0
    var topics: [TopicName: Topic] = [:]
    /// In the order in which they were accepted.
    var commands: [CommandRow] = []

    /// Removes the oldest rows that hold nothing of the newest `limit` events. Where the log has just as many, or a few more, it waits.
    mutating func trim(_ name: TopicName, keeping limit: Int) {
        let limit = UInt64(limit)
        guard var topic = topics[name], topic.stored.keptEvents > limit + limit / 10 else { return }
        let through = topic.stored.head.offset - limit
        let gone = topic.rows.prefix { $0.last <= through }.count
        guard gone > 0 else { return }
        topic.stored.removedThrough = max(topic.stored.removedThrough, topic.rows[gone - 1].last)
        topic.rows.removeFirst(gone)
        topics[name] = topic
    }
}
