// When which slice of the streams has its heartbeat. Time is a grid of places, a slice's places are a heartbeat apart whoever comes and goes,
// and a place whose slice is empty is passed over: nothing wakes up for nobody.

import Reactor

struct HeartbeatClock {
    private let start: Instant
    private let step: Duration
    /// The place that is waited for; nil while nobody is there.
    private(set) var due: Int?
    private var lastRound = 0

    init(start: Instant, heartbeat: Duration) {
        self.start = start
        step = max(heartbeat / HeartbeatSlices.count, .nanoseconds(1))
    }

    /// Somebody came. Gives how long to wait from now on, if that is another time than before.
    mutating func came(_ slices: HeartbeatSlices, at now: Instant) -> Duration? {
        let next = slices.nextPlace(after: Int((now - start) / step))
        guard let next, next < due ?? .max else { return nil }
        due = next
        return delay(to: next, at: now)
    }

    /// The place was served. Gives how long to wait for the next; nil if nobody is left.
    mutating func served(_ slices: HeartbeatSlices, at now: Instant) -> Duration? {
        due = due.flatMap { slices.nextPlace(after: $0) }
        return due.map { delay(to: $0, at: now) }
    }

    /// Once in each heartbeat's time in which something was due.
    mutating func beginsRound() -> Bool {
        let round = (due ?? 0) / HeartbeatSlices.count
        defer { lastRound = round }
        return round != lastRound
    }

    private func delay(to place: Int, at now: Instant) -> Duration { max(.zero, start + step * place - now) }
}
