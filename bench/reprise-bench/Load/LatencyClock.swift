// How long each delivery took: from the moment at which an event was due until a subscriber had read the end of its line. Not from when its
// request was written: an event that cannot leave because the server stands still would otherwise hide just that.

import Reactor

final class LatencyClock {
    private let firstEvent: Int
    private var due: [Instant] = []
    private var microseconds: [UInt32] = []

    init(firstEvent: Int) { self.firstEvent = firstEvent }

    /// An event leaves. In order.
    func sends(dueAt time: Instant) { due.append(time) }

    func heard(_ number: Int, at time: Instant) {
        guard number >= firstEvent, number - firstEvent < due.count else { return }
        microseconds.append(UInt32(clamping: (time.nanoseconds - due[number - firstEvent].nanoseconds) / 1000))
    }

    func latencies(late: Duration) -> Latencies {
        microseconds.sort()
        func quantile(_ part: Double) -> Double {
            microseconds.isEmpty ? 0 : Double(microseconds[min(microseconds.count - 1, Int(Double(microseconds.count) * part))]) / 1000
        }
        return Latencies(
            p50Milliseconds: quantile(0.5), p99Milliseconds: quantile(0.99), latestMilliseconds: Double(late.nanoseconds) / 1e6)
    }
}
