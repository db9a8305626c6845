// Messages from any thread to one loop. The sender never waits: a full mailbox says so. The loop is woken only by the
// message that finds the mailbox empty, and takes all that is there at once.

import Synchronization

public final class Mailbox<Message: Sendable>: Sendable {
    @usableFromInline
    struct State: Sendable {
        @usableFromInline var messages: [Message] = []
        @usableFromInline var weight = 0
        @usableFromInline var isClosed = false
        @usableFromInline var wakeUps = 0
    }

    // reads: lock; writes: lock
    @usableFromInline let state = Mutex(State())
    @usableFromInline let event: EventDescriptor
    @usableFromInline let capacity: Int
    @usableFromInline let weightLimit: Int

    /// - Parameters:
    ///   - capacity: how many messages may wait before `post` refuses.
    ///   - weightLimit: how heavy they may be before it refuses one that has a weight.
    public init(capacity: Int, weightLimit: Int = .max) {
        precondition(capacity > 0)
        self.capacity = capacity
        self.weightLimit = weightLimit
        event = mustSucceed { () throws(SystemError) in try EventDescriptor(.edge) }
    }

    // Inlinable, because a generic function of another module that is not costs three times as much.

    /// False when the mailbox is full or its loop has ended: the message was not taken. One that is heavier than the limit by itself is taken
    /// as long as the others are not.
    @inlinable
    public func post(_ message: Message, weight: Int = 0) -> Bool {
        add(message, limit: capacity, weight: weight)
    }

    /// For what must not be refused: an answer that was asked for, the order to stop. False only when the loop has ended.
    @inlinable
    @discardableResult
    public func post(always message: Message) -> Bool {
        add(message, limit: .max, weight: 0)
    }

    /// How often a message found the mailbox empty and woke the loop.
    public var wakeUps: Int { state.withLock { $0.wakeUps } }

    /// How many messages wait now.
    public var count: Int { state.withLock { $0.messages.count } }

    @inlinable
    func add(_ message: Message, limit: Int, weight: Int) -> Bool {
        let (taken, wakes) = state.withLock { state in
            guard !state.isClosed, state.messages.count < limit, weight == 0 || state.weight < weightLimit else { return (false, false) }
            state.weight += weight
            let wakes = state.messages.isEmpty
            if wakes { state.wakeUps += 1 }
            state.messages.append(message)
            return (true, wakes)
        }
        if wakes { event.signal() }
        return taken
    }

    /// Exchanges what waits for `spare`, which is empty: two buffers take turns.
    func takeAll(_ spare: [Message]) -> [Message] {
        state.withLock { state in
            let messages = state.messages
            state.messages = spare
            state.weight = 0
            return messages
        }
    }

    /// Refuses all that comes, and drops what waits.
    func close() {
        let dropped = state.withLock { state in
            state.isClosed = true
            defer { state.messages = [] }
            return state.messages
        }
        _ = consume dropped  // outside of the lock: a message may own a descriptor or a callback
    }
}
