// One transaction of the log in memory: it works on a copy of the disk, which becomes the disk when it is synced.

import Reactor
import RelayProtocol

@testable import EventLog

struct MemoryTransaction {
    var disk: Disk
    let now: Int64
    private let start: UInt32
    private let derive: (ProjectedEvents) -> [Append]
    private let keptKeys: Int64
    private var bursts: [TopicName: TopicBurst] = [:]
    /// In the order in which they were touched.
    private(set) var order: [TopicBurst] = []
    private(set) var removed: [StoredTopic] = []

    init(_ disk: Disk, start: UInt32, options: MemoryLog.Options, now: Int64) {
        (self.disk, self.start, self.now) = (disk, start, now)
        (derive, keptKeys) = (options.derive, options.keptKeys)
    }

    mutating func append(_ appends: [Append], epochs: inout SeededGenerator, fault: Bool = false) -> Result<[Appended], LogError> {
        var replays: [Appended?] = []
        for append in appends {
            guard let key = append.idempotency, let known = disk.topics[append.topic]?.keys[key.key], known.timestamp >= now - keptKeys
            else {
                replays.append(nil)
                continue
            }
            guard known.bodyHash == key.bodyHash else { return .failure(.idempotencyConflict) }
            var replay = known.appended
            replay.isReplay = true
            replays.append(replay)
        }
        var all: [Appended] = []
        for (append, replay) in zip(appends, replays) { all.append(replay ?? add(append, &epochs, fault: fault)) }
        return .success(all)
    }

    /// As work in the log's transactions appends: what follows is there at once.
    mutating func append(settled append: Append, epochs: inout SeededGenerator) {
        _ = self.append([append], epochs: &epochs)
        settle(epochs: &epochs)
    }

    /// Appends what follows, as often as the log does.
    mutating func settle(epochs: inout SeededGenerator) {
        for round in 0...ProjectedEvents.derivedRounds {
            let derived = order.flatMap { store($0) }
            if derived.isEmpty || round == ProjectedEvents.derivedRounds { break }
            for append in derived { _ = add(append, &epochs) }
        }
    }

    mutating func remove(_ name: TopicName, epochs: inout SeededGenerator) -> Bool {
        guard let topic = disk.topics[name] else { return false }
        settle(epochs: &epochs)
        bursts[name] = nil
        order.removeAll { $0.topic.name == name }
        removed.append(topic.stored)
        disk.topics[name] = nil
        return true
    }

    // Parts.

    private mutating func burst(_ name: TopicName, fault: Bool) -> TopicBurst {
        if let burst = bursts[name] { return burst }
        if disk.topics[name] == nil {
            disk.lastNumber += 1
            disk.topics[name] = Disk.Topic(stored: StoredTopic(number: disk.lastNumber, name: name))
        }
        var stored = disk.topics[name]?.stored ?? StoredTopic(number: 0, name: name)
        if fault, stored.head.offset > 1, stored.head.epoch.start == start { stored.head = stored.head.before }
        let burst = TopicBurst(stored)
        bursts[name] = burst
        order.append(burst)
        return burst
    }

    private mutating func add(_ append: Append, _ epochs: inout SeededGenerator, fault: Bool = false) -> Appended {
        let burst = burst(append.topic, fault: fault)
        if let record = append.record { disk.topics[append.topic]?.record = record }
        guard !append.events.isEmpty else {
            return Appended(first: burst.topic.head, last: burst.topic.head, count: 0, isReplay: false)
        }
        let epoch = epoch(of: burst.topic, &epochs)
        let first = Position(epoch: epoch, offset: burst.topic.head.offset + 1)
        burst.add(append.events, epoch: epoch, now: now)
        let appended = Appended(first: first, last: burst.topic.head, count: append.events.count, isReplay: false)
        if let key = append.idempotency {
            disk.topics[append.topic]?.keys[key.key] = Disk.Key(bodyHash: key.bodyHash, appended: appended, timestamp: now)
        }
        return appended
    }

    private mutating func epoch(of topic: StoredTopic, _ epochs: inout SeededGenerator) -> Epoch {
        guard topic.head.epoch.start != start else { return topic.head.epoch }
        disk.starts = start
        let epoch = Epoch(start: start, random: .random(in: 0..<Epoch.randomLimit, using: &epochs))
        disk.topics[topic.name]?.epochs.append((topic.head.offset + 1, epoch))
        return epoch
    }

    /// Rows of a burst that are not there yet, and what the projection makes of them.
    private mutating func store(_ burst: TopicBurst) -> [Append] {
        guard !burst.isSettled else { return [] }
        let name = burst.topic.name
        while burst.storedLines < burst.ends.count {
            let first = burst.storedLines
            let start = burst.start(ofLine: first)
            var past = first + 1
            while past < burst.ends.count, Int(burst.ends[past]) - start <= RowTable.rowBytes { past += 1 }
            let bytes = Array(burst.bytes[start..<Int(burst.ends[past - 1])])
            disk.topics[name]?.rows.append(Disk.Row(last: burst.offsets[past - 1], bytes: bytes))
            burst.storedLines = past
        }
        disk.topics[name]?.stored = burst.topic
        guard let batch = burst.takeUnprojected() else { return [] }
        if name.kind == .session {
            for event in batch.events { disk.topics[name]?.fold.apply(event) }
            if batch.events.contains(where: { $0.kind != .delta }) { disk.topics[name]?.hasRow = true }
        }
        return derive(batch)
    }
}
