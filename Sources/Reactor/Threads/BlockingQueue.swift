// Messages from any thread to threads that block: the log writer, the readers. A condition variable without one: a taker
// that finds nothing counts itself as waiting and sleeps on a semaphore; whoever adds releases one for each that it
// uncounts. So adding enters the kernel only when somebody sleeps, and no wake-up is lost.

import Synchronization

public final class BlockingQueue<Message: Sendable>: Sendable {
    @usableFromInline
    struct State: Sendable {
        @usableFromInline var messages: [Message] = []
        @usableFromInline var first = 0
        @usableFromInline var waiting = 0
        @usableFromInline var isClosed = false

        @usableFromInline var count: Int { messages.count - first }

        @usableFromInline
        mutating func takeAll() -> [Message] {
            let taken = first == 0 ? messages : Array(messages[first...])
            (messages, first) = ([], 0)
            return taken
        }

        mutating func takeFirst() -> Message {
            let message = messages[first]
            first += 1
            if first * 2 >= messages.count {
                messages.removeFirst(first)
                first = 0
            }
            return message
        }
    }

    // reads: lock; writes: lock
    @usableFromInline let state = Mutex(State())
    @usableFromInline let event: EventDescriptor
    @usableFromInline let capacity: Int

    /// - Parameter capacity: how many messages may wait before `post` refuses.
    public init(capacity: Int = .max) {
        self.capacity = capacity
        event = mustSucceed { () throws(SystemError) in try EventDescriptor(.semaphore) }
    }

    // What the log writer's thread and the loops call is inlinable: a generic function of another module that is not costs three times as much.

    /// False when the queue is full or closed: the message was not taken. Never waits.
    @inlinable
    public func post(_ message: Message) -> Bool {
        add(message, limit: capacity)
    }

    /// For what must not be refused. False only when the queue is closed.
    @inlinable
    @discardableResult
    public func post(always message: Message) -> Bool {
        add(message, limit: .max)
    }

    /// The same for many, in order: they are there at once, and those who sleep are woken once for all of them.
    @inlinable
    @discardableResult
    public func post(all messages: [Message]) -> Bool {
        let (taken, woken) = state.withLock { state in
            guard !state.isClosed else { return (false, 0) }
            state.messages.append(contentsOf: messages)
            let woken = min(state.waiting, messages.count)
            state.waiting -= woken
            return (true, woken)
        }
        if woken > 0 { event.signal(woken) }
        return taken
    }

    /// How many messages wait now.
    public var count: Int { state.withLock { $0.count } }

    /// Whether nothing more is taken in.
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// All that waits, in order; sleeps until there is something. Nil when the queue is closed and empty.
    @inlinable
    public func takeAll() -> [Message]? {
        if case .taken(let messages) = wait(until: nil, { $0.takeAll() }) { messages } else { nil }
    }

    /// The same, but an empty array when nothing came in time.
    public func takeAll(within limit: Duration) -> [Message]? {
        switch wait(until: .current + limit, { $0.takeAll() }) {
        case .taken(let messages): messages
        case .timedOut: []
        case .closed: nil
        }
    }

    /// The oldest message, for a queue that several threads share. Nil when the queue is closed and empty.
    public func take() -> Message? {
        if case .taken(let message) = wait(until: nil, { $0.takeFirst() }) { message } else { nil }
    }

    /// Refuses what comes from now on. What waits is still taken, then every taker gets nil.
    public func close() {
        let sleepers = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = 0 }
            return state.waiting
        }
        if sleepers > 0 { event.signal(sleepers) }
    }

    @inlinable
    func add(_ message: Message, limit: Int) -> Bool {
        let (taken, wakes) = state.withLock { state in
            guard !state.isClosed, state.count < limit else { return (false, false) }
            state.messages.append(message)
            guard state.waiting > 0 else { return (true, false) }
            state.waiting -= 1
            return (true, true)
        }
        if wakes { event.signal() }
        return taken
    }

    @usableFromInline
    enum Outcome<Taken> {
        case taken(Taken)
        case timedOut
        case closed
    }

    @inlinable
    func wait<Taken>(until end: Instant?, _ take: (inout State) -> Taken) -> Outcome<Taken> {
        while true {
            let outcome: Outcome<Taken>? = state.withLock { state in
                if state.count > 0 { return .taken(take(&state)) }
                if state.isClosed { return .closed }
                state.waiting += 1
                return nil
            }
            if let outcome { return outcome }
            if let end, !event.isSignalled(within: end - .current), giveUp() { return .timedOut }
            event.wait()
        }
    }

    /// False when this thread has been uncounted already: a release for it is there or about to be.
    @usableFromInline
    func giveUp() -> Bool {
        state.withLock { state in
            guard state.waiting > 0 else { return false }
            state.waiting -= 1
            return true
        }
    }
}
