// An eventfd: a counter in the kernel that one thread raises and another waits for.

import CLinux
import Glibc

@usableFromInline
struct EventDescriptor: ~Copyable, Sendable {
    let descriptor: Descriptor

    enum Kind {
        /// For a loop, edge-triggered: every signal is an edge, so nobody needs to read the counter back.
        case edge
        /// For threads that block in `wait`: each signal releases one of them.
        case semaphore
    }

    init(_ kind: Kind) throws(SystemError) {
        let flags = kind == .edge ? EFD_NONBLOCK : EFD_SEMAPHORE
        descriptor = Descriptor(owning: try systemCallNow("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(flags)) })
    }

    /// Callable from any thread.
    @usableFromInline
    func signal(_ count: Int = 1) {
        // The counter would have to stand at 2^64 - 2 for this to fail, and would wake its reader all the same.
        _ = eventfd_write(descriptor.number, eventfd_t(count))
    }

    /// Blocks until a signal is there for this thread; a semaphore's only.
    @usableFromInline
    func wait() {
        var value: eventfd_t = 0
        // SAFETY: the pointer is valid for the call, which writes eight bytes.
        mustSucceed { () throws(SystemError) in _ = try systemCallNow("read") { unsafe eventfd_read(descriptor.number, &value) } }
    }

    /// Whether a signal came before the time was over. Does not take it.
    @usableFromInline
    func isSignalled(within limit: Duration) -> Bool {
        let end = Instant.current + limit
        while true {
            var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
            // SAFETY: one entry, valid for the call.
            let count = unsafe poll(&entry, 1, (end - .current).timeoutMilliseconds)
            if count > 0 { return true }
            if count == 0, Instant.current >= end { return false }
        }
    }
}
