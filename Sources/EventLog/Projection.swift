// The hook by which state that is derived from the log is kept in the same transaction as the log. The log calls it; it knows nothing of
// what is kept.

import RelayProtocol
import SQLite

/// Derives state from events, on the writer's thread, inside the writer's transaction. Never called from two threads.
public protocol Projection: AnyObject {
    /// Creates what tables are missing. Called once, before the first `apply`, in a transaction.
    func install(in database: Connection) throws
    /// Removes all that is derived from the log, and nothing else (commands stay), so that `apply` can derive it anew.
    func clear(in database: Connection) throws
    /// Updates rows from the events that this transaction has just stored in one topic, and says what follows from them for other topics
    /// (lobby entries, a child's cards for the root session). Those get their offsets in the same transaction and are applied too, and so is
    /// what follows from them (the root's entry); what would follow from that is not appended.
    func apply(_ batch: ProjectedEvents, in database: Connection) throws -> [Append]
    /// The transaction failed: forget what was cached in it.
    func rolledBack()
}

/// Consecutive events of one topic, with the offsets that they got.
public struct ProjectedEvents: Sendable {
    /// How often what is applied may have others follow from it.
    public static let derivedRounds = 2

    public var topic: TopicName
    /// The topic's number in the log, never reused.
    public var topicNumber: Int64
    public var epoch: Epoch
    /// The events' time: Reprise's clock, ms since 1970.
    public var timestamp: Int64
    /// Offset of the first; the others follow without holes.
    public var firstOffset: UInt64
    public var events: [Event]

    public init(topic: TopicName, topicNumber: Int64, epoch: Epoch, timestamp: Int64, firstOffset: UInt64, events: [Event]) {
        self.topic = topic
        self.topicNumber = topicNumber
        self.epoch = epoch
        self.timestamp = timestamp
        self.firstOffset = firstOffset
        self.events = events
    }
}
