import RelayProtocol

/// A topic as a read transaction sees it.
public struct TopicState: Sendable, Equatable {
    public var number: Int64
    /// The last event's position; the origin if there is none.
    public var head: Position
    /// The highest offset that was ever removed; 0 if none was.
    public var removedThrough: UInt64
    /// The last event's time, ms since 1970.
    public var timestamp: Int64

    init(_ topic: StoredTopic) {
        (number, head, removedThrough, timestamp) = (topic.number, topic.head, topic.removedThrough, topic.timestamp)
    }
}
