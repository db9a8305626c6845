// Somebody waits for what comes of a command. One that is dropped on its way, because the client was closed, says so itself: nobody waits for ever.

import Synchronization

final class PendingRequest: Sendable {
    // reads: lock; writes: lock
    private let dropped: Mutex<(@Sendable () -> Void)?>

    init(ifDropped tell: @escaping @Sendable () -> Void) { dropped = Mutex(tell) }

    /// From here on somebody else sees to it that an answer comes.
    func isTaken() { dropped.withLock { $0 = nil } }

    deinit { dropped.withLock { $0 }?() }
}
