// A thread that runs one function and can be waited for. It inherits the signal mask of its maker (see `Signals`).

import CLinux
import Glibc
import Synchronization

public final class WorkerThread: Sendable {
    // reads: lock; writes: lock. Nil when it has been joined.
    private let thread: Mutex<pthread_t?>

    /// - Parameter name: what `top` and a debugger show; at most 15 bytes of it.
    public init(name: String, _ body: @Sendable @escaping () -> Void) {
        let start = Start(name: name, body: body)
        var thread = pthread_t()
        // SAFETY: the new thread takes over the reference that is passed to it, exactly once.
        let code = unsafe pthread_create(
            &thread, nil, { unsafe Start.run($0) }, UnsafeMutableRawPointer(Unmanaged.passRetained(start).toOpaque()))
        precondition(code == 0, "\(SystemError(call: "pthread_create", code: code))")
        self.thread = Mutex(thread)
    }

    /// Waits until the thread's function has returned. Callable from any other thread, more than once.
    public func join() {
        thread.withLock { thread in
            guard let joined = thread else { return }
            // Joined once, because of the lock.
            let code = pthread_join(joined, nil)
            precondition(code == 0, "\(SystemError(call: "pthread_join", code: code))")
            thread = nil
        }
    }

    deinit {
        thread.withLock { if let thread = $0 { pthread_detach(thread) } }
    }
}

private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @Sendable @escaping () -> Void) {
        self.name = name
        self.body = body
    }

    static func run(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let pointer = unsafe pointer else { return nil }
        // SAFETY: the reference that `init` retained for this thread, taken over here.
        let start = unsafe Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue()
        setName(start.name)
        start.body()
        return nil
    }

    /// The kernel takes 15 bytes and refuses longer names.
    private static func setName(_ name: String) {
        // SAFETY: the copy is zero-terminated, and the call copies it again.
        _ = unsafe String(decoding: name.utf8.prefix(15), as: UTF8.self).withCString { unsafe pthread_setname_np(pthread_self(), $0) }
    }
}
