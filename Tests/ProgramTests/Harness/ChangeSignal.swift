// Tells any number of waiting threads that something has changed: each looks for itself.

import Reactor
import Synchronization

final class ChangeSignal: Sendable {
    // reads: lock; writes: lock
    private let waiting = Mutex<[ObjectIdentifier: BlockingQueue<Void>]>([:])

    func post() {
        for queue in waiting.withLock({ Array($0.values) }) { queue.post(always: ()) }
    }

    /// Whether it came true in time.
    func wait(within limit: Duration, until isTrue: () -> Bool) -> Bool {
        let queue = BlockingQueue<Void>()
        waiting.withLock { $0[ObjectIdentifier(queue)] = queue }
        defer { waiting.withLock { $0[ObjectIdentifier(queue)] = nil } }
        let end = ContinuousClock.now + limit
        while !isTrue() {
            guard end > .now, queue.takeAll(within: end - .now)?.isEmpty == false else { return isTrue() }
        }
        return true
    }
}
