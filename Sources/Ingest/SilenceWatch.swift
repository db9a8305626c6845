// How long a stream has been silent. A value: it is told what is heard and asked when to look again. While the stream is not read, its silence
// is ours, and does not count.

import Reactor

struct SilenceWatch {
    let limit: Duration
    /// The last byte, or the beginning.
    private var since: Instant
    private(set) var isPaused = false

    init(limit: Duration, now: Instant) {
        self.limit = limit
        since = now
    }

    mutating func heard(at now: Instant) { since = now }

    mutating func pause() { isPaused = true }

    mutating func resume(at now: Instant) {
        isPaused = false
        since = now
    }

    /// When to look again; zero: it is dead. Nil while it is not read.
    func remaining(at now: Instant) -> Duration? { isPaused ? nil : max(.zero, limit - (now - since)) }
}
