// A TCP stream on a loop. It reads into the loop's buffer and writes straight to the kernel; only what the kernel does not
// take is copied and kept. Registered once, edge-triggered: what was not read is remembered here and read in a later turn,
// so that nobody has the loop for itself.
//
// The loop keeps a connection alive until it is closed. Idle, it is one object of about 130 bytes. Its reading, writing and
// closing have a file each; the fields that are not private are theirs alone.

public final class Connection {
    public struct Options: Sendable {
        /// The kernel's send buffer; nil leaves it to the kernel, which lets it grow to megabytes for a peer that does not read.
        public var sendBufferBytes: Int?
        public var receiveBufferBytes: Int?

        public init(sendBufferBytes: Int? = nil, receiveBufferBytes: Int? = nil) {
            self.sendBufferBytes = sendBufferBytes
            self.receiveBufferBytes = receiveBufferBytes
        }
    }

    // What a send touches stands first, in one cache line with the object's head.
    var descriptor: Descriptor?
    var state: ConnectionState = []
    var output = OutputBuffer()
    var registration = Registration(slot: 0, generation: 0)
    public let loop: EventLoop
    /// Told of everything; let go of after `connectionDidClose`.
    public var handler: (any ConnectionHandler)?

    /// Nothing is told before the next turn, so the handler can be set after this. A socket that cannot be used is told as
    /// closed then.
    public init(loop: EventLoop, descriptor: consuming Descriptor, options: Options = Options(), handler: (any ConnectionHandler)? = nil) {
        self.loop = loop
        self.handler = handler
        do {
            try Socket.setNoDelay(descriptor)
            if let bytes = options.sendBufferBytes { try Socket.setSendBuffer(descriptor, bytes: bytes) }
            if let bytes = options.receiveBufferBytes { try Socket.setReceiveBuffer(descriptor, bytes: bytes) }
            registration = try loop.register(self, descriptor)
            self.descriptor = consume descriptor
        } catch {
            tellClosed(error)
        }
    }

    public var isOpen: Bool { descriptor != nil }

    /// Nil when the connection is closed.
    public var peerAddress: SocketAddress? { (try? withDescriptor(Socket.peerAddress)) ?? nil }
    public var localAddress: SocketAddress? { (try? withDescriptor(Socket.localAddress)) ?? nil }

    /// Nil when the connection is closed.
    func withDescriptor<Result>(_ body: (borrowing Descriptor) throws(SystemError) -> Result?) throws(SystemError) -> Result? {
        switch descriptor {
        case .some(let descriptor): try body(descriptor)
        case .none: nil
        }
    }
}

extension Connection: EventSource {
    func ready(_ readiness: Readiness) {
        if !readiness.isDisjoint(with: [.ended, .failed]) { state.insert(.endIsNear) }
        if readiness.contains(.failed) { state.insert(.hasFailed) }
        if readiness.contains(.writable) { becameWritable() }
        if isOpen, readiness != .writable { becameReadable() }
    }

    func loopEnded() {
        finish(nil)
    }
}
