// What a loop knows of one topic: whether the writer tells it of commits, the last position that it was told, and a lane for each encoding
// that somebody reads.

import RelayProtocol

final class TopicFeed {
    let topic: TopicName
    /// The last position that was told; nil until the writer has acknowledged that it tells.
    private(set) var last: Position?
    private(set) var lanes: [Lane] = []
    /// Who waits for an event, once, and what it has: by token.
    private(set) var waiters: [UInt64: Position] = [:]
    /// Changes when what was known of the topic does not hold any more: judgements of before are of no use.
    var round: UInt64 = 0
    private unowned let broker: Broker

    init(topic: TopicName, broker: Broker) {
        (self.topic, self.broker) = (topic, broker)
    }

    var isUnused: Bool { waiters.isEmpty && lanes.allSatisfy(\.isEmpty) }

    func lane(_ encoding: LineEncoding) -> Lane {
        if let lane = lanes.first(where: { $0.encoding == encoding }) { return lane }
        let lane = Lane(topic: topic, encoding: encoding, at: last ?? .origin, broker: broker, budget: broker.budget)
        lanes.append(lane)
        return lane
    }

    /// Lines up to `position` are in the log and were not told here.
    func skip(to position: Position) {
        last = position
        for lane in lanes { lane.restart(at: position) }
    }

    /// Lines that follow on `last`.
    func append(_ lines: LineBatch) {
        for lane in lanes { lane.append(lines) }
        self.last = lines.last
    }

    func await(after position: Position, token: UInt64) { waiters[token] = position }
    func cancelWait(token: UInt64) { waiters[token] = nil }

    /// Takes out the waiters that have something to read, who came first first.
    func takeArrived() -> [UInt64] {
        guard let last, !waiters.isEmpty else { return [] }
        let arrived = waiters.filter { $0.value.offset < last.offset }.map(\.key).sorted()
        for token in arrived { waiters[token] = nil }
        return arrived
    }

    /// Takes out all of them: what they have may not be there any more.
    func takeWaiters() -> [UInt64] {
        defer { waiters = [:] }
        return waiters.keys.sorted()
    }

    func release() {
        for lane in lanes { lane.release() }
    }
}
