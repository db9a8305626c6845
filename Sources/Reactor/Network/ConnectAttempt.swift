// One connect to one address: the socket becomes writable when it is decided.

final class ConnectAttempt {
    private let loop: EventLoop
    private var descriptor: Descriptor?
    private var registration = Registration(slot: 0, generation: 0)
    private var onConnect: ((consuming Descriptor) -> Void)?
    private var onFailure: ((SystemError) -> Void)?

    /// One of the two is told, from the loop's turn.
    init(
        loop: EventLoop, address: SocketAddress, onConnect: @escaping (consuming Descriptor) -> Void,
        onFailure: @escaping (SystemError) -> Void
    ) throws(SystemError) {
        let socket = try Socket.make(for: address)
        // Connected at once or not: being registered, it is told as writable.
        _ = try Socket.connect(socket, to: address)
        self.loop = loop
        self.onConnect = onConnect
        self.onFailure = onFailure
        registration = try loop.register(self, socket)
        descriptor = consume socket
    }

    func cancel() {
        (onConnect, onFailure) = (nil, nil)
        if let closing = descriptor.take() { loop.deregister(registration, closing) }
    }
}

extension ConnectAttempt: EventSource {
    func ready(_ readiness: Readiness) {
        guard !readiness.isDisjoint(with: [.writable, .failed]), let socket = descriptor.take() else { return }
        loop.deregister(registration, socket)
        let (connected, failed) = (onConnect, onFailure)
        (onConnect, onFailure) = (nil, nil)
        if let error = Socket.takeError(socket, of: "connect") { failed?(error) } else { connected?(socket) }
    }

    func loopEnded() {
        let failed = onFailure
        cancel()
        failed?(.loopEnded(call: "connect"))
    }
}
