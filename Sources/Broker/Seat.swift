// A member of a lane as a flush sees it. What the flush of a reader that keeps up needs stands here, side by side with its neighbours': of a
// thousand readers each object that is touched is a cache miss, and those cost as much as everything else that is done here for a delivery.

struct Seat {
    /// No cursor: it is not in the ring.
    private static let nowhere = UInt64.max

    let subscriber: Subscriber
    let sink: any ByteSink
    /// Where it stands in the ring while its phase is `live`.
    var cursor = nowhere
    /// It is live and its sink takes bytes, so that nothing else can be due before what the ring has.
    var keepsUp = false

    init(subscriber: Subscriber, sink: any ByteSink) { (self.subscriber, self.sink) = (subscriber, sink) }

    var isLive: Bool { cursor != Self.nowhere }

    /// One delivery: what the ring has from the cursor on. Touches of the reader's own memory nothing but this and its sink, as long as the
    /// sink takes all. False when the sink is closed.
    mutating func deliver(_ ring: Ring, to head: UInt64) -> Bool {
        let sink = sink
        guard let taken = ring.withBytes(from: cursor, to: head, { sink.offer($0, $1) }) else {
            keepsUp = false
            return false
        }
        cursor += UInt64(taken)
        if cursor < head {
            keepsUp = false
            subscriber.traits.insert(.isBlocked)
        }
        return true
    }

    /// The subscriber is in another phase now.
    mutating func phaseChanged(isLive: Bool) {
        keepsUp = false
        if !isLive { cursor = Self.nowhere }
    }
}
