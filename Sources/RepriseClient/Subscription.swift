// A subscription as an asynchronous sequence. What waits for the consumer is bounded: beyond the bound the connection is not read, and the
// server keeps the rest (a slow reader is served from the log).

import Synchronization

/// The lines of one topic, across any number of connections. Iterate it once; leaving the loop ends it.
public struct Subscription: AsyncSequence, Sendable {
    public typealias Element = SubscriptionItem

    let client: RepriseClient
    let path: String
    let after: String?

    public func makeAsyncIterator() -> Iterator {
        let queue = ItemQueue(limit: client.options.bufferedItems)
        let mailbox = client.mailbox
        let token = SubscriptionToken { _ = mailbox.post(always: .unsubscribe($0)) }
        queue.onDrained = { _ = mailbox.post(always: .drained(token.number)) }
        let errand = Errand { queue.finish(.closed) }
        _ = mailbox.post(always: .subscribe(token.number, path: path, after: after, queue, errand))
        return Iterator(client: client, queue: queue, token: token)
    }

    public struct Iterator: AsyncIteratorProtocol {
        /// Kept: a client that nobody holds ends its loop.
        let client: RepriseClient
        let queue: ItemQueue
        let token: SubscriptionToken

        public mutating func next() async throws -> SubscriptionItem? { try await queue.next() }
    }
}

/// Ends the subscription when the iterator is gone.
final class SubscriptionToken: Sendable {
    private static let count = Atomic<Int>(0)
    let number: Int
    private let end: @Sendable (Int) -> Void

    init(end: @escaping @Sendable (Int) -> Void) {
        number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        self.end = end
    }

    deinit { end(number) }
}

/// Items on their way from the loop to one consumer.
final class ItemQueue: Sendable {
    private struct State {
        var items: [SubscriptionItem] = []
        var first = 0
        var waiter: CheckedContinuation<SubscriptionItem?, any Error>?
        var isOver = false
        var error: RepriseError?
        var isFull = false
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
                var isDrained = false
                let answer: Result<SubscriptionItem?, any Error>? = state.withLock { state in
                    if state.first < state.items.count {
                        let item = state.items[state.first]
                        state.first += 1
                        // A consumer that is never quite done must not keep what it has had.
                        if state.first == state.items.count {
                            (state.items, state.first) = ([], 0)
                        } else if state.first >= 1024, state.first * 2 >= state.items.count {
                            state.items.removeFirst(state.first)
                            state.first = 0
                        }
                        if state.isFull, state.items.count - state.first <= limit / 2 {
                            state.isFull = false
                            isDrained = true
                        }
                        return .success(item)
                    }
                    if let error = state.error {
                        state.error = nil
                        return .failure(error)
                    }
                    if state.isOver || Task.isCancelled { return .success(nil) }
                    state.waiter = continuation
                    return nil
                }
                if isDrained { onDrained?() }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            finish(nil)
        }
    }
}
