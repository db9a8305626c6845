// Where loops come from: one on a thread of its own, or one that takes over the thread it is started on.

extension EventLoop {
    /// Runs a loop on this thread until it is stopped.
    public static func run(_ setUp: (EventLoop) -> Void) {
        let loop = EventLoop(inbox: Mailbox(capacity: LoopThread.inboxCapacity))
        setUp(loop)
        loop.run()
    }

    /// Starts a thread with a loop. `setUp` runs on it first: what lives on the loop is made there.
    /// - Parameter name: what `top` and a debugger show; at most 15 bytes of it.
    public static func spawn(name: String, _ setUp: @Sendable @escaping (EventLoop) -> Void) -> LoopThread {
        let inbox = Mailbox<LoopCommand>(capacity: LoopThread.inboxCapacity)
        let thread = WorkerThread(name: name) {
            let loop = EventLoop(inbox: inbox)
            setUp(loop)
            loop.run()
        }
        return LoopThread(thread: thread, inbox: inbox)
    }
}
