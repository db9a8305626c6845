// A loop as other threads see it. Letting go of it does not stop the loop.

public final class LoopThread: Sendable {
    static let inboxCapacity = 1 << 16

    private let thread: WorkerThread
    private let inbox: Mailbox<LoopCommand>

    init(thread: WorkerThread, inbox: Mailbox<LoopCommand>) {
        self.thread = thread
        self.inbox = inbox
    }

    /// Asks the loop to end. Callable from any thread, more than once.
    public func stop() {
        _ = inbox.post(always: .stop)
    }

    /// Waits until the loop has ended and everything on it is closed. Not to be called on the loop itself.
    public func join() {
        thread.join()
    }

    /// Runs `body` on the loop, for setting things up; what is regular traffic has a mailbox of its own.
    /// False when the loop has ended.
    @discardableResult
    public func perform(_ body: @Sendable @escaping (EventLoop) -> Void) -> Bool {
        inbox.post(always: .perform(body))
    }
}
