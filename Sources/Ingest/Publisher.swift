// What is on its way to the log: events gathered per topic during one turn of the loop become one batch, one transaction.

import EventLog
import RelayProtocol

struct Publisher: Sendable {
    struct Batch: Sendable {
        let number: Int
        let appends: [Append]
        let blobs: [Blob]
    }

    private var order: [TopicName] = []
    private var gathered: [TopicName: Append] = [:]
    private var blobs: [Blob] = []
    private var outstanding: [Int: Int] = [:]
    private var nextBatch = 1
    /// Bytes of events that are not committed yet.
    private(set) var queuedBytes = 0
    var isHoldingStream = false

    /// Nothing is gathered and nothing on its way.
    var isSettled: Bool { order.isEmpty && outstanding.isEmpty }

    var lastOutstanding: Int? { outstanding.keys.max() }

    func isCommitted(through batch: Int?) -> Bool {
        guard let batch else { return true }
        return !outstanding.keys.contains { $0 <= batch }
    }

    mutating func say(_ event: Event, in topic: TopicName) {
        var bounds = EventBounds(topic: topic)
        let events = bounds.bounded(event)
        blobs += bounds.blobs
        if gathered[topic] == nil { order.append(topic) }
        gathered[topic, default: Append(topic: topic, events: [])].events += events
    }

    /// The record goes with the topic's events of this batch.
    mutating func setRecord(_ record: [UInt8], for topic: TopicName) {
        if gathered[topic] == nil { order.append(topic) }
        gathered[topic, default: Append(topic: topic, events: [])].record = record
    }

    mutating func takeBatch() -> Batch? {
        guard !order.isEmpty else { return nil }
        let appends = order.compactMap { gathered[$0] }
        let batch = Batch(number: nextBatch, appends: appends, blobs: blobs)
        let bytes = appends.reduce(0) { $0 + $1.events.reduce(0) { $0 + $1.payload.count } } + blobs.reduce(0) { $0 + $1.bytes.count }
        nextBatch += 1
        outstanding[batch.number] = bytes
        queuedBytes += bytes
        (order, gathered, blobs) = ([], [:], [])
        return batch
    }

    mutating func committed(_ batch: Int) { queuedBytes -= outstanding.removeValue(forKey: batch) ?? 0 }
}
