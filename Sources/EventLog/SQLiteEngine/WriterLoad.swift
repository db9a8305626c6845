// How many bytes wait for the writer: counted by whoever appends, released after the commit.

import Synchronization

final class WriterLoad: Sendable {
    // reads: lock; writes: lock
    private let waiting = Mutex(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var bytes: Int { waiting.withLock { $0 } }

    /// False when that would be too much. One that is too large by itself passes when it is alone.
    func reserve(_ count: Int) -> Bool {
        waiting.withLock { bytes in
            guard bytes == 0 || bytes + count <= limit else { return false }
            bytes += count
            return true
        }
    }

    /// For what must not be refused.
    func add(_ count: Int) { waiting.withLock { $0 += count } }

    func release(_ count: Int) { waiting.withLock { $0 -= count } }
}
