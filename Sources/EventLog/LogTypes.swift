// What goes into the log and what comes out: the values of its interface. The engine behind it may be another one some day.

import RelayProtocol

/// Events for one topic, committed together.
public struct Append: Sendable {
    public var topic: TopicName
    public var events: [Event]
    /// The adapter's record of this session, replaced in the same transaction; nil leaves it.
    public var record: [UInt8]?
    public var idempotency: IdempotencyKey?

    public init(topic: TopicName, events: [Event], record: [UInt8]? = nil, idempotency: IdempotencyKey? = nil) {
        self.topic = topic
        self.events = events
        self.record = record
        self.idempotency = idempotency
    }
}

/// A publisher's key: per topic, kept 24 h, bound to the body's hash.
public struct IdempotencyKey: Sendable, Equatable {
    public var key: String
    /// SHA-256 of the body as it came.
    public var bodyHash: [UInt8]

    public init(key: String, bodyHash: [UInt8]) {
        self.key = key
        self.bodyHash = bodyHash
    }
}

/// Where an append ended up. Valid only after the commit.
public struct Appended: Sendable, Equatable {
    public var first: Position
    public var last: Position
    public var count: Int
    /// The same key had been used with the same body: these are the positions of then.
    public var isReplay: Bool

    public init(first: Position, last: Position, count: Int, isReplay: Bool) {
        self.first = first
        self.last = last
        self.count = count
        self.isReplay = isReplay
    }
}

/// Large strings that were cut out of events. Written before the event's transaction; its commit makes them reachable.
public struct Blob: Sendable {
    public var topic: TopicName
    /// `sha256-` and 64 hex digits.
    public var hash: String
    public var mime: String?
    public var bytes: [UInt8]

    public init(topic: TopicName, hash: String, mime: String?, bytes: [UInt8]) {
        self.topic = topic
        self.hash = hash
        self.mime = mime
        self.bytes = bytes
    }
}

/// The lines of one topic that one commit added: immutable, shared by all loops.
public struct CommittedLines: Sendable {
    public var topic: TopicName
    /// The last position before these lines; a loop that stands there has no hole.
    public var previous: Position
    public var last: Position
    /// Event lines as they go on the wire, each ending in LF.
    public var bytes: [UInt8]
    /// Where each line ends in `bytes`.
    public var ends: [Int32]
    /// Offset of each line's event.
    public var offsets: [UInt64]
    public var epoch: Epoch

    public init(
        topic: TopicName, previous: Position, last: Position, bytes: [UInt8], ends: [Int32], offsets: [UInt64], epoch: Epoch
    ) {
        self.topic = topic
        self.previous = previous
        self.last = last
        self.bytes = bytes
        self.ends = ends
        self.offsets = offsets
        self.epoch = epoch
    }
}

/// What the writer tells a loop that watches a topic.
public enum CommitNotice: Sendable {
    /// From here on every commit of the topic is told; `head` is the topic's last position now.
    case watching(TopicName, head: Position)
    case committed(CommittedLines)
    /// The loop's mailbox was full: lines up to `head` were not told, read them from the log.
    case behind(TopicName, head: Position)
    /// The topic is gone. If one of that name is made again, its commits are told as well, from the origin.
    case removed(TopicName)
}

/// Where a loop receives notices. Called on the writer's thread, after the commit.
public protocol CommitSink: AnyObject, Sendable {
    /// False when the loop's mailbox is full. The writer then keeps a notice in its place (`behind` for `committed`, with the head of the
    /// time when it is told), tells nothing else of that topic, and tries again every few milliseconds.
    func post(_ notice: CommitNotice) -> Bool
}
