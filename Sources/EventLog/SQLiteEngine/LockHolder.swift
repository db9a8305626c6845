// The folder's lock, held by the log and given back once.

import Synchronization

final class LockHolder: Sendable {
    // reads: lock; writes: lock
    private let lock: Mutex<FolderLock?>

    init(_ lock: consuming FolderLock) { self.lock = Mutex(lock) }

    func release() { lock.withLock { $0 = nil } }
}
