// The subscribers of one topic in one encoding, and their ring. Who follows is sent what is between its cursor and the head, straight from the
// ring; who fell out of the ring, or never was in it, is sent pages of the log until it stands in the ring again. There is no moment at which
// a line belongs to neither: a ring knows the position that it begins after, and a reader the position that it has.

import RelayProtocol
import Wire

final class Lane {
    let topic: TopicName
    private(set) var ring: Ring
    /// Its subscribers, each with what a flush needs to know of it.
    var seats: [Seat] = []
    unowned let broker: Broker
    private let budget: RingBudget
    /// The broker will flush it.
    var isQueued = false
    /// A flush goes round the seats: which is next, and how many have not had their turn since the last line came.
    var next = 0
    var due = 0
    /// Turns of the hibernation clock without a line.
    private var quietTurns = 0

    init(topic: TopicName, encoding: LineEncoding, at position: Position, broker: Broker, budget: RingBudget) {
        self.topic = topic
        self.broker = broker
        self.budget = budget
        ring = Ring(encoding: encoding, at: position, limits: broker.ringLimits)
    }

    var encoding: LineEncoding { ring.encoding }

    // Members.

    var isEmpty: Bool { seats.isEmpty }
    var members: [Subscriber] { seats.map(\.subscriber) }
    var isDue: Bool { due > 0 }

    func add(_ subscriber: Subscriber, sink: any ByteSink) {
        subscriber.lane = self
        subscriber.slot = seats.count
        seats.append(Seat(subscriber: subscriber, sink: sink))
    }

    func remove(_ subscriber: Subscriber) {
        let last = seats.removeLast()
        if last.subscriber !== subscriber {
            seats[subscriber.slot] = last
            last.subscriber.slot = subscriber.slot
        }
        // The last one may sit now where the flush has been.
        if due > 0 { due = seats.count }
        subscriber.lane = nil
        subscriber.outlet = nil
        subscriber.phase = .ended
    }

    // Lines.

    func append(_ lines: LineBatch) {
        quietTurns = 0
        var start = 0
        for (index, end) in lines.ends.enumerated() {
            let line = lines.bytes.span.extracting(start..<Int(end))
            append(line, at: Position(epoch: lines.epoch, offset: lines.offsets[index]))
            start = Int(end)
        }
        due = seats.count
    }

    private func append(_ line: Span<UInt8>, at position: Position) {
        if makeRoom(for: encoding.frameBytes(ofLine: line.count)) {
            ring.append(line, at: position)
        } else {
            // Its readers find it in the log, and come back behind it.
            deliverAll()
            restart(at: position)
        }
    }

    /// False for a frame that is not to be in the ring.
    private func makeRoom(for frameBytes: Int) -> Bool {
        if ring.capacityBytes == 0, !grow() { return false }
        guard ring.canHold(frameBytes) else { return false }
        while !ring.hasRoom(for: frameBytes) {
            if needsOlderHalf, !ring.isLargest, grow() { continue }
            if needsOlderHalf { deliverAll() }
            evict()
            ring.turnOver()
        }
        return true
    }

    private func grow() -> Bool {
        let more = ring.nextCapacityBytes - ring.capacityBytes
        guard budget.take(more) else { return false }
        ring.grow()
        return true
    }

    private var needsOlderHalf: Bool {
        let end = ring.dropsBelow
        return seats.contains { $0.cursor < end }
    }

    /// Sends those to the log who have a cursor in what is dropped.
    private func evict() {
        let end = ring.dropsBelow
        for place in seats.indices where seats[place].cursor < end { leaveRing(place) }
    }

    private func leaveRing(_ place: Int) {
        guard seats[place].isLive else { return }
        let (cursor, subscriber) = (seats[place].cursor, seats[place].subscriber)
        let standing = ring.standing(at: cursor)
        subscriber.tornEpoch = standing.torn == 0 ? nil : ring.position(through: cursor).epoch
        subscriber.phase = standing.torn == 0 ? .standing(after: standing.after) : .behind(after: standing.after, torn: standing.torn)
    }

    /// What comes next does not follow on what is here, or is not here.
    func restart(at position: Position) {
        for place in seats.indices { leaveRing(place) }
        ring.restart(at: position)
    }

    /// Called now and then: gives the ring back when nothing came for a while and nobody reads from it.
    func hibernate() {
        quietTurns += 1
        let head = ring.head
        guard quietTurns > 1, ring.capacityBytes > 0, !seats.contains(where: { $0.cursor < head }) else { return }
        budget.giveBack(ring.release())
    }

    /// The lane ends.
    func release() { budget.giveBack(ring.release()) }
}
