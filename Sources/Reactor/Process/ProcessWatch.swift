// Tells when a process ends, one's own child or not.

public final class ProcessWatch {
    private let loop: EventLoop
    private var onEnd: (() -> Void)?
    private var descriptor: Descriptor?
    private var registration = Registration(slot: 0, generation: 0)

    /// Throws where there is no such process.
    public init(loop: EventLoop, process: Int32, _ onEnd: @escaping () -> Void) throws(SystemError) {
        self.loop = loop
        self.onEnd = onEnd
        let watched = try Processes.descriptor(of: process)
        registration = try loop.register(self, watched)
        descriptor = consume watched
    }

    /// Nothing is told any more.
    public func cancel() {
        onEnd = nil
        if let closing = descriptor.take() { loop.deregister(registration, closing) }
    }
}

extension ProcessWatch: EventSource {
    func ready(_ readiness: Readiness) {
        guard readiness.contains(.readable), descriptor != nil else { return }
        let told = onEnd
        cancel()
        told?()
    }

    func loopEnded() { cancel() }
}
