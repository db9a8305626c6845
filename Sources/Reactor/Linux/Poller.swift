// epoll, edge-triggered: every descriptor is registered once, for everything, and never modified. What was missed because
// nobody was reading is the source's business to remember.

import CLinux
import Glibc

// SAFETY: an epoll_event holds a union with a pointer; only its number is ever used.
@safe struct Poller: ~Copyable {
    private static let eventsPerTurn = 256
    private static let interest = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue

    private let descriptor: Descriptor
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: eventsPerTurn)

    init() throws(SystemError) {
        descriptor = Descriptor(owning: try systemCallNow("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
    }

    func add(_ added: borrowing Descriptor, key: UInt64) throws(SystemError) {
        var event = unsafe epoll_event(events: Self.interest, data: epoll_data_t(u64: key))
        let number = added.number
        // SAFETY: the kernel copies the event during the call.
        try systemCallNow("epoll_ctl") { unsafe epoll_ctl(descriptor.number, EPOLL_CTL_ADD, number, &event) }
    }

    /// Closing would do it too, but not while a copy of the descriptor lives elsewhere.
    func remove(_ removed: borrowing Descriptor) {
        // A failure means that it was not registered, which is what is wanted.
        _ = epoll_ctl(descriptor.number, EPOLL_CTL_DEL, removed.number, nil)
    }

    /// How many events there are now. Waits until the first one or for `milliseconds`, -1 for ever.
    mutating func wait(milliseconds: Int32) -> Int {
        // SAFETY: the kernel writes at most as many events as the array has, during the call.
        let number = descriptor.number
        let count = unsafe events.withUnsafeMutableBufferPointer { buffer in
            unsafe epoll_wait(number, buffer.baseAddress, Int32(buffer.count), milliseconds)
        }
        if count == -1 { precondition(errno == EINTR, "epoll_wait: \(errno)") }
        return max(0, Int(count))
    }

    /// One of those that `wait` counted.
    func event(at index: Int) -> (key: UInt64, ready: Readiness) {
        // SAFETY: `add` has set this member of the union.
        let (events, key) = unsafe (events[index].events, events[index].data.u64)
        return (key, Readiness(epoll: events))
    }
}

extension Readiness {
    fileprivate init(epoll events: UInt32) {
        var ready: Readiness = []
        if events & EPOLLIN.rawValue != 0 { ready.insert(.readable) }
        if events & EPOLLOUT.rawValue != 0 { ready.insert(.writable) }
        if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 { ready.insert(.ended) }
        if events & EPOLLERR.rawValue != 0 { ready.insert(.failed) }
        self = ready
    }
}
