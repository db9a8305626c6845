// What is on its way to the log: events gathered per topic become one batch, one transaction.
//
// One batch is on its way at a time, and what is said meanwhile becomes the next: were a batch refused (a full disk …) and a later one
// written, the log would have a hole that nobody could see. The log gathers what waits for its commit anyway, so this costs nothing.

import EventLog
import RelayProtocol

struct Publisher: Sendable {
    struct Batch: Sendable {
        let number: Int
        let appends: [Append]
        let blobs: [Blob]
    }

    private var appends: [Append] = []
    private var places: [TopicName: Int] = [:]
    private var blobs: [Blob] = []
    private var gatheredBytes = 0
    /// The batch that is on its way: its bytes, and when the one before was taken (ms since 1970).
    private var outstanding: [(number: Int, bytes: Int, since: Int64)] = []
    private var nextBatch = 1
    private var takenAt: Int64 = 0
    var isHoldingStream = false

    /// Bytes of events that are not committed yet.
    var queuedBytes: Int { outstanding.reduce(gatheredBytes) { $0 + $1.bytes } }
    /// A batch is on its way.
    var isWriting: Bool { !outstanding.isEmpty }
    /// The batch that has, or will have, all that was said so far; nil where that is committed.
    var mark: Int? { appends.isEmpty ? outstanding.last?.number : nextBatch }

    func isCommitted(through batch: Int?) -> Bool { batch.map { $0 < outstanding.first?.number ?? nextBatch } ?? true }

    /// An event within all bounds.
    mutating func say(_ event: Event, in topic: TopicName) {
        gatheredBytes += event.payload.count
        appends[place(of: topic)].events.append(event)
    }

    mutating func say(_ bounds: EventBounds.Result, in topic: TopicName) {
        gatheredBytes += bounds.events.reduce(0) { $0 + $1.payload.count } + bounds.blobs.reduce(0) { $0 + $1.bytes.count }
        appends[place(of: topic)].events += bounds.events
        blobs += bounds.blobs
    }

    /// The record goes with the topic's events of this batch.
    mutating func setRecord(_ record: [UInt8], for topic: TopicName) { appends[place(of: topic)].record = record }

    private mutating func place(of topic: TopicName) -> Int {
        if let last = appends.indices.last, appends[last].topic == topic { return last }
        if let place = places[topic] { return place }
        places[topic] = appends.count
        appends.append(Append(topic: topic, events: []))
        return appends.count - 1
    }

    mutating func takeBatch(now: Int64) -> Batch? {
        guard !appends.isEmpty else { return nil }
        let batch = Batch(number: nextBatch, appends: appends, blobs: blobs)
        outstanding.append((nextBatch, gatheredBytes, takenAt))
        takenAt = now
        nextBatch += 1
        dropGathered()
        return batch
    }

    /// Committed, or refused for good. Gives since when its events had come.
    mutating func settled(_ batch: Int) -> Int64? {
        guard let place = outstanding.firstIndex(where: { $0.number == batch }) else { return nil }
        return outstanding.remove(at: place).since
    }

    mutating func dropGathered() {
        (appends, blobs, gatheredBytes) = ([], [], 0)
        places.removeAll(keepingCapacity: true)
    }
}
