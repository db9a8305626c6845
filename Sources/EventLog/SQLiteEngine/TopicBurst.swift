// What one transaction adds to one topic.

import RelayProtocol

/// Confined to the writer's thread. A class, because lines are appended to it in place.
final class TopicBurst {
    private(set) var topic: StoredTopic
    /// Where the topic stood before.
    let previous: Position
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int32] = []
    private(set) var offsets: [UInt64] = []
    /// Lines before this one stand in rows.
    var storedLines = 0
    /// Events that the projection has not seen, from `firstUnprojected` on.
    private(set) var unprojected: [Event] = []
    private var firstUnprojected: UInt64 = 0
    /// The same for all lines: one transaction has one time, and a topic one epoch in it.
    private var envelope: EventLine.Envelope?

    init(_ topic: StoredTopic) {
        self.topic = topic
        previous = topic.head
    }

    var isSettled: Bool { storedLines == ends.count }

    func start(ofLine line: Int) -> Int { line == 0 ? 0 : Int(ends[line - 1]) }

    /// Gives events their offsets and makes their lines.
    func add(_ events: [Event], epoch: Epoch, now: Int64) {
        if unprojected.isEmpty { firstUnprojected = topic.head.offset + 1 }
        if topic.name.kind != .plain { unprojected += events }
        topic.timestamp = max(now, topic.timestamp)
        if bytes.isEmpty { reserve(events) }
        let envelope = envelope ?? EventLine.Envelope(epoch: epoch, timestamp: topic.timestamp)
        self.envelope = envelope
        for event in events {
            topic.head = Position(epoch: epoch, offset: topic.head.offset + 1)
            EventLine.append(event, at: topic.head.offset, in: envelope, to: &bytes)
            ends.append(Int32(bytes.count))
            offsets.append(topic.head.offset)
        }
    }

    private func reserve(_ events: [Event]) {
        bytes.reserveCapacity(events.reduce(0) { $0 + $1.payload.count + EventLine.usualEnvelopeBytes })
        ends.reserveCapacity(events.count)
        offsets.reserveCapacity(events.count)
    }

    /// Nil when there is nothing that the projection has not seen.
    func takeUnprojected() -> ProjectedEvents? {
        guard !unprojected.isEmpty else { return nil }
        defer { unprojected = [] }
        return ProjectedEvents(
            topic: topic.name, topicNumber: topic.number, epoch: topic.head.epoch, timestamp: topic.timestamp,
            firstOffset: firstUnprojected,
            events: unprojected)
    }

    var committed: CommittedLines {
        CommittedLines(
            topic: topic.name, previous: previous, last: topic.head, bytes: bytes, ends: ends, offsets: offsets, epoch: topic.head.epoch)
    }
}
