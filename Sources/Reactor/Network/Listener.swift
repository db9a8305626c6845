// Accepts TCP connections, at most 64 a turn, and hands each to its owner. It survives that no descriptor is left: the
// connections that wait are accepted with a spare one and closed, and after a pause it tries again.

public final class Listener {
    static let acceptedPerTurn = 64
    static let rest = Duration.milliseconds(100)

    private let loop: EventLoop
    private var onAccept: ((consuming Descriptor) -> Void)?
    private var descriptor: Descriptor?
    private var registration = Registration(slot: 0, generation: 0)
    private var spare = SpareDescriptor()
    private var retry: TimerToken?
    private var isPaused = false

    /// Where it really listens: with the port that the kernel chose for port 0.
    public let boundAddress: SocketAddress

    /// A test puts a shortage of descriptors in its place.
    var acceptCall: (borrowing Descriptor) throws(SystemError) -> Descriptor? = { descriptor throws(SystemError) in
        try Socket.accept(descriptor)
    }
    var hasSpare: Bool { spare.isHeld }

    /// Told when a connection could not be taken: no descriptor left, or no memory. Nil for nobody.
    public var onRefusal: ((SystemError) -> Void)?

    /// - Parameters:
    ///   - backlog: connections that the kernel keeps until they are accepted; it caps them at `net.core.somaxconn`.
    ///   - onAccept: called from the loop's turn with each connection, non-blocking and close-on-exec.
    public init(
        loop: EventLoop, address: SocketAddress, backlog: Int = 1024, onAccept: @escaping (consuming Descriptor) -> Void
    ) throws(SystemError) {
        let listening = try Socket.listen(on: address, backlog: backlog)
        boundAddress = try Socket.localAddress(listening) ?? address
        self.loop = loop
        self.onAccept = onAccept
        registration = try loop.register(self, listening)
        descriptor = consume listening
    }

    /// Leaves those who come in the kernel's backlog.
    public func pause() { isPaused = true }

    public func resume() {
        guard isPaused else { return }
        isPaused = false
        if descriptor != nil { loop.continueNextTurn(registration) }
    }

    /// Stops accepting and frees the port. The kernel resets what waits in the backlog.
    public func close() {
        if let retry { loop.cancel(retry) }
        retry = nil
        (onAccept, onRefusal) = (nil, nil)
        guard let closing = descriptor.take() else { return }
        loop.deregister(registration, closing)
    }

    private func acceptSome() {
        for _ in 0..<Self.acceptedPerTurn where !isPaused {
            do throws(SystemError) {
                guard let accepted = try accept() else { return }
                onAccept?(accepted)
            } catch {
                if error.isOfOneConnection { continue }
                return error.isOutOfDescriptors ? refuseWaiting(error) : rest(error)
            }
        }
        if descriptor != nil, !isPaused { loop.continueNextTurn(registration) }
    }

    private func accept() throws(SystemError) -> Descriptor? {
        switch descriptor {
        case .some(let descriptor): try acceptCall(descriptor)
        case .none: nil
        }
    }

    /// The room that the spare descriptor leaves is enough to accept one and close it, again and again.
    private func refuseWaiting(_ error: SystemError) {
        spare.giveUp()
        for _ in 0..<Self.acceptedPerTurn {
            guard let refused = try? accept() else { break }
            _ = consume refused
            onRefusal?(error)
        }
        spare.refill()
        rest(nil)
    }

    private func rest(_ error: SystemError?) {
        if let error { onRefusal?(error) }
        guard descriptor != nil, retry == nil else { return }
        retry = loop.schedule(after: Self.rest) { [weak self] in
            guard let self else { return }
            retry = nil
            spare.refill()
            acceptSome()
        }
    }
}

extension Listener: EventSource {
    func ready(_ readiness: Readiness) {
        if retry == nil { acceptSome() }
    }

    func loopEnded() { close() }
}
