// How a lane sends. Most readers have all but the newest frames: they are served by a flush from their seats alone. All others are driven: from
// what they have, through pages of the log, into the ring.

import RelayProtocol
import Wire

extension Lane {
    /// Goes on round the seats, from where the last flush ended, and sends to so many who are at or in the ring what it has.
    /// - Returns: to how many.
    @discardableResult
    func flush(atMost deliveries: Int = .max) -> Int {
        var left = deliveries
        while left > 0, due > 0 {
            let from = next < seats.count ? next : 0
            let range = from..<min(from + due, seats.count)
            let (end, areOthersPassed) = deliver(range, &left)
            // Before anything else is done: who leaves from within changes who is due.
            (next, due) = (end, due - (end - from))
            if areOthersPassed { flushOthers(from..<end) }
        }
        return deliveries - left
    }

    /// Before frames are dropped: sends to everybody who keeps up what the ring has, so that a batch that is larger than the ring sends to the log
    /// only those who do not. Nobody leaves from within, because nobody is driven; the flush that is due goes on as it was.
    func deliverAll() {
        var left = Int.max
        _ = deliver(seats.indices, &left)
    }

    /// - Returns: the seat before which it ended.
    private func deliver(_ range: Range<Int>, _ left: inout Int) -> (end: Int, areOthersPassed: Bool) {
        let (end, closed, areOthersPassed) = Self.deliver(ring, to: &seats, range, &left)
        for subscriber in closed { subscriber.phase = .ended }
        return (end, areOthersPassed)
    }

    /// Has the seats for itself, so that no delivery needs to ask whether somebody else changes them.
    private static func deliver(_ ring: Ring, to seats: inout [Seat], _ range: Range<Int>, _ left: inout Int)
        -> (end: Int, closed: [Subscriber], areOthersPassed: Bool)
    {
        let head = ring.head
        var closed: [Subscriber] = []
        var areOthersPassed = false
        for place in range {
            if left == 0 { return (place, closed, areOthersPassed) }
            guard seats[place].keepsUp else {
                areOthersPassed = true
                continue
            }
            if seats[place].cursor == head { continue }
            left -= 1
            if !seats[place].deliver(ring, to: head) { closed.append(seats[place].subscriber) }
        }
        return (range.upperBound, closed, areOthersPassed)
    }

    private func block(_ place: Int) {
        seats[place].keepsUp = false
        seats[place].subscriber.traits.insert(.isBlocked)
    }

    /// Those who were at the ring's end when it was made anew, or before it had anything. They may leave from within.
    private func flushOthers(_ range: Range<Int>) {
        let standing = seats[range].compactMap { if case .standing = $0.subscriber.phase { $0.subscriber } else { nil } }
        for subscriber in standing { drive(subscriber) }
    }

    /// Sends what is owed and taken.
    func drive(_ subscriber: Subscriber) {
        while !subscriber.isBlocked, advance(subscriber) {}
        guard case .live = subscriber.phase else { return }
        seats[subscriber.slot].keepsUp = !subscriber.isBlocked
    }

    /// False when nothing can be done now.
    private func advance(_ subscriber: Subscriber) -> Bool {
        if subscriber.isOver { return false }
        if subscriber.mustInterrupt, isAtBoundary(subscriber) { return interrupt(subscriber) }
        switch subscriber.phase {
        case .joining, .reading, .closing, .ended: return false
        case .standing(let after):
            switch ring.place(after: after) {
            case .at(let cursor):
                subscriber.phase = .live
                seats[subscriber.slot].cursor = cursor
            case .behind: subscriber.phase = .behind(after: after, torn: 0)
            case .ahead: return false
            }
            return true
        case .behind(let after, let torn):
            subscriber.phase = .reading(after: after, torn: torn)
            broker.needsPage(subscriber, after: after, torn: torn)
            return true
        case .page(let page, let place, let after): return send(page, from: place, after: after, to: subscriber)
        case .live: return sendLive(from: seats[subscriber.slot].cursor, to: subscriber)
        }
    }

    private func isAtBoundary(_ subscriber: Subscriber) -> Bool {
        if subscriber.controlSent > 0 { return true }
        switch subscriber.phase {
        case .joining, .standing, .closing, .ended: return true
        case .behind(_, let torn), .reading(_, let torn): return torn == 0
        case .page(let page, let place, _): return page.isBoundary(place)
        case .live: return ring.frameEnd(inside: seats[subscriber.slot].cursor) == nil
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
        seats[subscriber.slot].cursor = cursor + UInt64(taken)
        return true
    }

    private func offer(_ first: Span<UInt8>, _ second: Span<UInt8>, to subscriber: Subscriber) -> Int? {
        let place = subscriber.slot
        guard let taken = seats[place].sink.offer(first, second) else {
            subscriber.phase = .ended
            return nil
        }
        if taken < first.count + second.count { block(place) }
        return taken
    }

    /// What the subscriber has when the frame that it is in the middle of is out; nil before it has begun.
    func sentPosition(_ subscriber: Subscriber) -> Position? {
        switch subscriber.phase {
        case .joining, .closing, .ended: nil
        case .standing(let after), .behind(let after, _), .reading(let after, _): after
        case .page(let page, let place, let after): page.position(through: place) ?? after
        case .live: ring.position(through: seats[subscriber.slot].cursor)
        }
    }

    /// Whether nobody else holds the page that it reads, and the rest of the frame that it is in is small beside it.
    func isAloneInSmallFrame(_ subscriber: Subscriber) -> Bool {
        guard case .page(var page, let place, let after) = subscriber.phase, !page.isStart,
            page.frameEnd(of: place) - place <= Page.messageBytes
        else { return false }
        // Its own hold of the page does not count.
        subscriber.phase = .standing(after: after)
        defer { subscriber.phase = .page(page, place: place, after: after) }
        return isKnownUniquelyReferenced(&page)
    }

    /// Takes a subscriber out of pages and ring, because what comes next does not follow on them: the rest of the frame that it is in the
    /// middle of is copied, and of the lines that a subscribe begins with all of the rest.
    /// - Returns: the position that it then has; nil if the rest of the frame is only in the log.
    func detach(_ subscriber: Subscriber) -> Position? {
        let position = sentPosition(subscriber)
        switch subscriber.phase {
        case .joining, .standing, .closing, .ended: break
        case .behind(_, let torn), .reading(_, let torn): if torn > 0 { return nil }
        case .page(let page, let place, _):
            let isMidFrame = !page.isBoundary(place)
            let end = page.isStart ? page.bytes.count : isMidFrame ? page.frameEnd(of: place) : place
            subscriber.putAside(page.bytes[place..<end], isMidFrame: isMidFrame)
        case .live:
            let cursor = seats[subscriber.slot].cursor
            let rest = ring.withBytes(from: cursor, to: ring.frameEnd(inside: cursor) ?? cursor) {
                [UInt8](copying: $0) + [UInt8](copying: $1)
            }
            subscriber.putAside(rest[...], isMidFrame: true)
        }
        return position
    }
}
