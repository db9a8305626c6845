import RelayProtocol

/// A topic as the database has it.
struct StoredTopic: Equatable {
    let number: Int64
    let name: TopicName
    /// The last event's position; the origin if there was none.
    var head = Position.origin
    /// The last event's time.
    var timestamp: Int64 = 0
    /// The highest offset that was ever removed; 0 if none was.
    var removedThrough: UInt64 = 0

    /// Events that are kept, where offsets have no holes.
    var keptEvents: UInt64 { head.offset - removedThrough }
}
