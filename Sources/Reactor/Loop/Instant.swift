// A moment of the monotonic clock: it never goes back and stands still for nobody's adjustment. Not a time of day.

public struct Instant: Sendable, Hashable {
    /// Since an arbitrary start, the same for all threads of this machine until it reboots.
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }
}

extension Instant: InstantProtocol {
    public func advanced(by duration: Duration) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.nanoseconds)
        return Instant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    public func duration(to other: Instant) -> Duration {
        .nanoseconds(other.nanoseconds.subtractingReportingOverflow(nanoseconds).partialValue)
    }

    public static func + (instant: Instant, duration: Duration) -> Instant { instant.advanced(by: duration) }
    public static func - (instant: Instant, duration: Duration) -> Instant { instant.advanced(by: .zero - duration) }
    public static func - (later: Instant, earlier: Instant) -> Duration { earlier.duration(to: later) }
    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Duration {
    /// Rounded towards zero; what does not fit becomes the longest that does (292 years).
    public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowToo) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflowToo ? (seconds < 0 ? .min : .max) : sum
    }

    /// Rounded up, so that nobody wakes before the time; never negative.
    var timeoutMilliseconds: Int32 {
        let nanoseconds = nanoseconds
        if nanoseconds <= 0 { return 0 }
        return Int32(clamping: (nanoseconds - 1) / 1_000_000 + 1)
    }
}
