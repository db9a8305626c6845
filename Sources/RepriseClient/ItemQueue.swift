// What waits for the consumer of a subscription, bounded.

import Synchronization

/// Items on their way from the loop to one consumer.
final class ItemQueue: Sendable {
    private struct State {
        var items: [SubscriptionItem] = []
        var first = 0
        var waiter: CheckedContinuation<SubscriptionItem?, any Error>?
        var isOver = false
        var error: RepriseError?
        var isFull = false

        /// What a consumer gets now, or nil where it has to wait; and whether the connection is to be read on.
        mutating func next(_ continuation: CheckedContinuation<SubscriptionItem?, any Error>, limit: Int)
            -> (answer: Result<SubscriptionItem?, any Error>?, isDrained: Bool)
        {
            if first < items.count { return (.success(takeFirst()), isDrained(limit)) }
            if let error {
                self.error = nil
                return (.failure(error), false)
            }
            if isOver || Task.isCancelled { return (.success(nil), false) }
            waiter = continuation
            return (nil, false)
        }

        private mutating func takeFirst() -> SubscriptionItem {
            let item = items[first]
            first += 1
            // A consumer that is never quite done must not keep what it has had.
            if first == items.count {
                (items, first) = ([], 0)
            } else if first >= 1024, first * 2 >= items.count {
                items.removeFirst(first)
                first = 0
            }
            return item
        }

        /// Once half of it is free again.
        private mutating func isDrained(_ limit: Int) -> Bool {
            guard isFull, items.count - first <= limit / 2 else { return false }
            isFull = false
            return true
        }
    }

    // reads: lock; writes: lock
    private let state = Mutex(State())
    // reads: lock; writes: lock, once before the queue is shared
    private let drained = Mutex<(@Sendable () -> Void)?>(nil)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var onDrained: (@Sendable () -> Void)? {
        get { drained.withLock { $0 } }
        set { drained.withLock { $0 = newValue } }
    }

    /// False when the consumer is behind: do not read on before `onDrained`.
    func put(_ item: SubscriptionItem) -> Bool {
        let (waiter, isFull) = state.withLock { state -> (CheckedContinuation<SubscriptionItem?, any Error>?, Bool) in
            if let waiter = state.waiter {
                state.waiter = nil
                return (waiter, false)
            }
            state.items.append(item)
            // Not full any more is for the consumer to say, because it must tell: what comes meanwhile of the same message does not.
            if state.items.count - state.first >= limit { state.isFull = true }
            return (nil, state.isFull)
        }
        waiter?.resume(returning: item)
        return !isFull
    }

    func finish(_ error: RepriseError?) {
        let waiter = state.withLock { state in
            state.isOver = true
            state.error = error
            defer { state.waiter = nil }
            return state.waiter
        }
        if let error { waiter?.resume(throwing: error) } else { waiter?.resume(returning: nil) }
    }

    func next() async throws -> SubscriptionItem? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (answer, isDrained) = state.withLock { state in state.next(continuation, limit: limit) }
                if isDrained { onDrained?() }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            finish(nil)
        }
    }
}
