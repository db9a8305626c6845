// What a loop asks of the log's readers on behalf of its subscribers. Equal requests under way are one: a thousand subscribers that come back
// to the same place cost one read.

import RelayProtocol

/// The lines after a position, up to a page's size.
public struct PageRequest: Sendable, Hashable {
    public var topic: TopicName
    public var after: UInt64
    public var encoding: LineEncoding
    /// The first line stands in a message of its own: a reader has part of it from the ring.
    public var firstAlone: Bool
    /// Tells requests apart from before and after a removal: what was read before it may be lines of a topic that is gone.
    var round: UInt64 = 0
}

/// Where a subscribe may begin: to be judged against the log.
public struct JudgeRequest: Sendable, Hashable {
    public enum Point: Sendable, Hashable {
        case none, earliest
        /// What the client gave, whatever it is.
        case text([UInt8])
    }

    public var topic: TopicName
    public var point: Point
    /// The client takes a snapshot instead of a long backlog.
    public var takesSnapshot: Bool
    /// The subscriber has had its `hello`: the log was cut or the topic made again while it was behind.
    public var isInBand: Bool
    /// Tells requests apart that must not be one: from before and after a removal, and those that ask for what is the head now.
    var round: UInt64

    init(topic: TopicName, point: Point, takesSnapshot: Bool, isInBand: Bool, round: UInt64) {
        (self.topic, self.point, self.takesSnapshot, self.isInBand, self.round) = (topic, point, takesSnapshot, isInBand, round)
    }

    /// Of a read that is not a subscription.
    public init(topic: TopicName, point: Point) { self.init(topic: topic, point: point, takesSnapshot: false, isInBand: false, round: 0) }
}
