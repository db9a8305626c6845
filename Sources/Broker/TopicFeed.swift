// What a loop knows of one topic: whether the writer tells it of commits, the last position that it was told, and a lane for each encoding
// that somebody reads.

import RelayProtocol

final class TopicFeed {
    /// Somebody who waits for an event after a position, once.
    struct Waiter {
        var token: UInt64
        var after: Position
    }

    let topic: TopicName
    /// The last position that was told; nil until the writer has acknowledged that it tells.
    private(set) var last: Position?
    private(set) var lanes: [Lane] = []
    var waiters: [Waiter] = []
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

    /// Takes out the waiters that have something to read.
    func takeArrived() -> [UInt64] {
        guard let last, !waiters.isEmpty else { return [] }
        let arrived = waiters.filter { $0.after.offset < last.offset }
        waiters.removeAll { $0.after.offset < last.offset }
        return arrived.map(\.token)
    }

    func release() {
        for lane in lanes { lane.release() }
    }
}
