// The subscribers of one topic in one encoding, and their ring. Who follows is sent what is between its cursor and the head, straight from the
// ring; who fell out of the ring, or never was in it, is sent pages of the log until it stands in the ring again. There is no moment at which
// a line belongs to neither: a ring knows the position that it begins after, and a reader the position that it has.

import RelayProtocol
import Wire

final class Lane {
    let topic: TopicName
    private(set) var ring: Ring
    private(set) var members: [Subscriber] = []
    private unowned let broker: Broker
    private let budget: RingBudget
    /// The broker will flush it at the end of this turn.
    var isQueued = false
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

    func add(_ subscriber: Subscriber) {
        subscriber.lane = self
        subscriber.slot = members.count
        members.append(subscriber)
    }

    func remove(_ subscriber: Subscriber) {
        let last = members.removeLast()
        if last !== subscriber {
            members[subscriber.slot] = last
            last.slot = subscriber.slot
        }
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
    }

    private func append(_ line: Span<UInt8>, at position: Position) {
        if makeRoom(for: encoding.frameBytes(ofLine: line.count)) {
            ring.append(line, at: position)
        } else {
            // Its readers find it in the log, and come back behind it.
            flush()
            restart(at: position)
        }
    }

    /// False for a frame that is not to be in the ring.
    private func makeRoom(for frameBytes: Int) -> Bool {
        if ring.capacityBytes == 0, !grow() { return false }
        guard ring.canHold(frameBytes) else { return false }
        while !ring.hasRoom(for: frameBytes) {
            if needsOlderHalf, !ring.isLargest, grow() { continue }
            if needsOlderHalf { flush() }
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

    private var needsOlderHalf: Bool { members.contains { $0.isLive(below: ring.dropsBelow) } }

    /// Sends those to the log who have a cursor in what is dropped.
    private func evict() {
        for member in members where member.isLive(below: ring.dropsBelow) { leaveRing(member) }
    }

    private func leaveRing(_ subscriber: Subscriber) {
        guard case .live(let cursor) = subscriber.phase else { return }
        let standing = ring.standing(at: cursor)
        subscriber.phase = standing.torn == 0 ? .standing(after: standing.after) : .behind(after: standing.after, torn: standing.torn)
    }

    /// What comes next does not follow on what is here, or is not here.
    func restart(at position: Position) {
        for member in members { leaveRing(member) }
        ring.restart(at: position)
    }

    /// Called now and then: gives the ring back when nothing came for a while and nobody reads from it.
    func hibernate() {
        quietTurns += 1
        guard quietTurns > 1, ring.capacityBytes > 0, !members.contains(where: { $0.isLive(below: ring.head) }) else { return }
        budget.giveBack(ring.release())
    }

    /// The lane ends.
    func release() { budget.giveBack(ring.release()) }

    // Sending.

    /// Sends to all who are at or in the ring what it has.
    func flush() {
        let head = ring.head
        for member in members {
            switch member.phase {
            case .live(let cursor):
                if cursor != head, !member.isBlocked { drive(member) }
            case .standing: drive(member)
            case .joining, .behind, .reading, .page, .ended: break
            }
        }
    }

    /// Sends what is owed and taken.
    func drive(_ subscriber: Subscriber) {
        while !subscriber.isBlocked, advance(subscriber) {}
    }

    /// False when nothing can be done now.
    private func advance(_ subscriber: Subscriber) -> Bool {
        if subscriber.isOver { return false }
        if subscriber.mustInterrupt, isAtBoundary(subscriber) { return interrupt(subscriber) }
        switch subscriber.phase {
        case .joining, .reading, .ended: return false
        case .standing(let after):
            switch ring.place(after: after) {
            case .at(let cursor): subscriber.phase = .live(cursor)
            case .behind: subscriber.phase = .behind(after: after, torn: 0)
            case .ahead: return false
            }
            return true
        case .behind(let after, let torn):
            subscriber.phase = .reading(after: after, torn: torn)
            broker.needsPage(subscriber, after: after, torn: torn)
            return true
        case .page(let page, let place, let after): return send(page, from: place, after: after, to: subscriber)
        case .live(let cursor): return sendLive(from: cursor, to: subscriber)
        }
    }

    private func isAtBoundary(_ subscriber: Subscriber) -> Bool {
        if subscriber.controlSent > 0 { return true }
        switch subscriber.phase {
        case .joining, .standing, .ended: return true
        case .behind(_, let torn), .reading(_, let torn): return torn == 0
        case .page(let page, let place, _): return page.isBoundary(place)
        case .live(let cursor): return ring.frameEnd(inside: cursor) == nil
        }
    }

    /// What does not wait for its turn: control frames, and the end.
    private func interrupt(_ subscriber: Subscriber) -> Bool {
        if subscriber.hasControl { return sendControl(subscriber) }
        subscriber.phase = .ended
        subscriber.outlet?.subscriberFinishes()
        return false
    }

    private func sendControl(_ subscriber: Subscriber) -> Bool {
        let control = subscriber.control
        guard let taken = offer(control.span.extracting(subscriber.controlSent...), Span(), to: subscriber) else { return false }
        subscriber.controlSent += taken
        if subscriber.controlSent == subscriber.control.count { (subscriber.control, subscriber.controlSent) = ([], 0) }
        return true
    }

    private func send(_ page: Page, from place: Int, after: Position, to subscriber: Subscriber) -> Bool {
        guard place < page.bytes.count else {
            subscriber.phase = .standing(after: page.through)
            return true
        }
        let end = subscriber.mustInterrupt ? page.frameEnd(of: place) : page.bytes.count
        let bytes = page.bytes
        guard let taken = offer(bytes.span.extracting(place..<end), Span(), to: subscriber) else { return false }
        subscriber.phase = .page(page, place: place + taken, after: after)
        return true
    }

    private func sendLive(from cursor: UInt64, to subscriber: Subscriber) -> Bool {
        guard cursor < ring.head else { return false }
        let end = subscriber.mustInterrupt ? ring.frameEnd(inside: cursor) ?? ring.head : ring.head
        guard let taken = ring.withBytes(from: cursor, to: end, { offer($0, $1, to: subscriber) }) else { return false }
        subscriber.phase = .live(cursor + UInt64(taken))
        return true
    }

    private func offer(_ first: Span<UInt8>, _ second: Span<UInt8>, to subscriber: Subscriber) -> Int? {
        guard let taken = subscriber.outlet?.offer(first, second) else {
            subscriber.phase = .ended
            return nil
        }
        if taken > 0 { subscriber.traits.insert(.hasMoved) }
        if taken < first.count + second.count { subscriber.traits.insert(.isBlocked) }
        return taken
    }

    /// What the subscriber has when the frame that it is in the middle of is out; nil before it has begun.
    func sentPosition(_ subscriber: Subscriber) -> Position? {
        switch subscriber.phase {
        case .joining, .ended: nil
        case .standing(let after), .behind(let after, _), .reading(let after, _): after
        case .page(let page, let place, let after): page.position(through: place) ?? after
        case .live(let cursor): ring.position(through: cursor)
        }
    }

    /// Takes a subscriber out of pages and ring, because what comes next does not follow on them: the rest of the frame that it is in the
    /// middle of is copied, and of the lines that a subscribe begins with all of the rest.
    /// - Returns: the position that it then has; nil if the rest of the frame is only in the log.
    func detach(_ subscriber: Subscriber) -> Position? {
        let position = sentPosition(subscriber)
        switch subscriber.phase {
        case .joining, .standing, .ended: break
        case .behind(_, let torn), .reading(_, let torn): if torn > 0 { return nil }
        case .page(let page, let place, _):
            let isMidFrame = !page.isBoundary(place)
            let end = page.isStart ? page.bytes.count : isMidFrame ? page.frameEnd(of: place) : place
            subscriber.putAside(page.bytes[place..<end], isMidFrame: isMidFrame)
        case .live(let cursor):
            let rest = ring.withBytes(from: cursor, to: ring.frameEnd(inside: cursor) ?? cursor) {
                [UInt8](copying: $0) + [UInt8](copying: $1)
            }
            subscriber.putAside(rest[...], isMidFrame: true)
        }
        return position
    }
}

extension Subscriber {
    fileprivate func isLive(below cursor: UInt64) -> Bool {
        if case .live(let own) = phase { own < cursor } else { false }
    }
}
