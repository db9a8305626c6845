// The time of day for who waits until a moment: the machine's clock can be set back by an hour, and what waits would wait an hour more.

import Synchronization

/// The time of day, never going back: while the machine's clock is behind what was said here, time passes at half its pace until the two
/// agree again. A value for one thread.
public struct ForwardClock: Sendable {
    private var last = Int64.min
    /// What was said, and when, when the machine's clock was found to be behind it.
    private var setBack: (time: Int64, at: Instant)?

    public init() {}

    /// - Parameters:
    ///   - wall: the machine's clock, ms since 1970.
    ///   - now: the same moment on the steady clock.
    /// - Returns: ms since 1970.
    public mutating func time(wall: Int64, at now: Instant) -> Int64 {
        if wall >= last {
            (last, setBack) = (wall, nil)
        } else {
            let begin = setBack ?? (last, now)
            setBack = begin
            last = max(last, begin.time + Int64((now - begin.at) / .milliseconds(2)))
        }
        return last
    }
}

/// The same, of the machine's clock, for several threads: what they say of one moment can be compared.
public final class ForwardWallClock: WallTime {
    // reads: lock; writes: lock
    private let clock = Mutex(ForwardClock())

    public init() {}

    public var now: Int64 { clock.withLock { $0.time(wall: WallClock.now, at: .current) } }
}
