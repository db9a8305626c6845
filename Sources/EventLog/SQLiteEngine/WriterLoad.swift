// How many bytes wait for the writer: counted by whoever appends, released after the commit.

import Synchronization

final class WriterLoad: Sendable {
    private struct Waiter: Sendable {
        let limit: Int
        let call: @Sendable () -> Void
    }

    private struct State {
        var bytes = 0
        var waiters: [Waiter] = []
    }

    // reads: lock; writes: lock
    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var bytes: Int { state.withLock { $0.bytes } }

    /// False when that would be too much. One that is too large by itself passes when it is alone.
    func reserve(_ count: Int) -> Bool {
        state.withLock { state in
            guard state.bytes == 0 || state.bytes + count <= limit else { return false }
            state.bytes += count
            return true
        }
    }

    /// For what must not be refused.
    func add(_ count: Int) { state.withLock { $0.bytes += count } }

    func release(_ count: Int) {
        let due = state.withLock { state in
            state.bytes -= count
            let bytes = state.bytes
            guard state.waiters.contains(where: { bytes <= $0.limit }) else { return [Waiter]() }
            defer { state.waiters.removeAll { bytes <= $0.limit } }
            return state.waiters.filter { bytes <= $0.limit }
        }
        for waiter in due { waiter.call() }
    }

    /// Calls once, when not more than `limit` bytes wait: at once, or from the thread that releases.
    func whenBelow(_ limit: Int, _ call: @escaping @Sendable () -> Void) {
        let isBelow = state.withLock { state in
            if state.bytes > limit { state.waiters.append(Waiter(limit: limit, call: call)) }
            return state.bytes <= limit
        }
        if isBelow { call() }
    }
}
