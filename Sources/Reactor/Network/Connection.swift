// A TCP stream on a loop. It reads into the loop's buffer and writes straight to the kernel; only what the kernel does not
// take is copied and kept. Registered once, edge-triggered: what was not read is remembered here and read in a later turn,
// so that nobody has the loop for itself.
//
// The loop keeps a connection alive until it is closed. Idle, it is one object of about 130 bytes.

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

    /// At most so many reads, of 64 KiB each, before others have their turn.
    static let readsPerTurn = 4

    public let loop: EventLoop
    /// Told of everything; let go of after `connectionDidClose`.
    public var handler: (any ConnectionHandler)?

    private var descriptor: Descriptor?
    private var registration = Registration(slot: 0, generation: 0)
    private var output = OutputBuffer()
    var state: ConnectionState = []

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

    /// Written here, not yet taken by the kernel.
    public var unsentBytes: Int { output.count }

    public var isReadingPaused: Bool { state.contains(.paused) }

    /// Nil when the connection is closed.
    public var peerAddress: SocketAddress? { (try? withDescriptor(Socket.peerAddress)) ?? nil }
    public var localAddress: SocketAddress? { (try? withDescriptor(Socket.localAddress)) ?? nil }

    /// Nil when the connection is closed.
    private func withDescriptor<Result>(
        _ body: (borrowing Descriptor) throws(SystemError) -> Result?
    ) throws(SystemError) -> Result? {
        switch descriptor {
        case .some(let descriptor): try body(descriptor)
        case .none: nil
        }
    }
}

// Reading.
extension Connection {
    /// Takes no more from the kernel, whose window then closes. What was read before has been handed over.
    public func pauseReading() {
        state.insert(.paused)
    }

    public func resumeReading() {
        guard state.contains(.paused), isOpen else { return }
        state.remove(.paused)
        if state.contains(.mayHaveInput) { loop.continueNextTurn(registration) }
    }

    private func readSome() {
        for _ in 0..<Self.readsPerTurn {
            guard isOpen, !state.contains(.paused), state.contains(.mayHaveInput) else { return }
            readOnce()
        }
        if isOpen, !state.contains(.paused), state.contains(.mayHaveInput) { loop.continueNextTurn(registration) }
    }

    private func readOnce() {
        do throws(SystemError) {
            let count = try withDescriptor { descriptor throws(SystemError) in try loop.readBuffer.receive(from: descriptor) }
            guard let count else { return nothingLeft() }
            if count == 0 { return peerEnded() }
            // A short read has emptied the socket: more will be a new edge. An end that is known of must still be read.
            if count < ReadBuffer.size, !state.contains(.endIsNear) { state.remove(.mayHaveInput) }
            if state.contains(.discarding) { return }
            loop.readBuffer.withBytes(count) { handler?.connection(self, received: $0) }
        } catch {
            finish(error)
        }
    }

    private func nothingLeft() {
        state.remove(.mayHaveInput)
        if state.contains(.hasFailed) { failWithKeptError() }
    }

    private func peerEnded() {
        state.remove(.mayHaveInput)
        state.insert(.peerEnded)
        if state.contains(.discarding) { return finish(nil) }
        handler?.connectionDidEnd(self)
        closeIfBothEnded()
    }

    private func failWithKeptError() {
        let error = try? withDescriptor { Socket.takeError($0, of: "recv") }
        finish(error ?? nil)
    }
}

// Writing.
extension Connection {
    /// Offers two parts to the kernel in one call, and keeps nothing. While earlier `write`s wait, nothing is taken.
    public func send(_ a: Span<UInt8>, _ b: Span<UInt8>) -> SendResult {
        guard isOpen, !state.contains(.writeEnding) else { return .closed }
        do throws(SystemError) {
            let sent = output.isEmpty ? try offer(a, b) : nil
            if sent != a.count + b.count { state.insert(.wantsToWrite) }
            return sent.map { .sent($0) } ?? .wouldBlock
        } catch {
            finish(error)
            return .closed
        }
    }

    public func send(_ bytes: Span<UInt8>) -> SendResult {
        send(bytes, Span())
    }

    /// Sends all of it, sooner or later; what the kernel does not take now is copied. Whoever writes much must watch
    /// `unsentBytes`. Dropped when the connection is closed.
    public func write(_ bytes: Span<UInt8>) {
        guard isOpen, !state.contains(.writeEnding), !bytes.isEmpty else { return }
        do throws(SystemError) {
            let sent = output.isEmpty ? try offer(bytes, Span()) ?? 0 : 0
            if sent < bytes.count { output.append(bytes.extracting(sent...)) }
        } catch {
            finish(error)
        }
    }

    public func write(_ bytes: [UInt8]) {
        write(bytes.span)
    }

    /// Ends this side when everything is sent. The peer may go on.
    public func shutdownWrite() {
        guard isOpen, !state.contains(.writeEnding) else { return }
        state.insert(.writeEnding)
        if output.isEmpty { endWriting() }
    }

    private func offer(_ a: Span<UInt8>, _ b: Span<UInt8>) throws(SystemError) -> Int? {
        try withDescriptor { descriptor throws(SystemError) in try Socket.send(descriptor, a, b) }
    }

    private func becameWritable() {
        let hadOutput = !output.isEmpty
        do throws(SystemError) {
            while !output.isEmpty {
                guard let sent = try output.withUnsent({ unsent throws(SystemError) in try offer(unsent, Span()) }) else { return }
                output.consume(sent)
            }
        } catch {
            return finish(error)
        }
        guard hadOutput || state.contains(.wantsToWrite) else { return }
        state.remove(.wantsToWrite)
        if state.contains(.writeEnding) { endWriting() } else { handler?.connectionCanWrite(self) }
    }

    private func endWriting() {
        _ = try? withDescriptor { Socket.shutdownWrite($0) }
        state.insert(.writeEnded)
        closeIfBothEnded()
        if isOpen, state.contains(.discarding) { limitLingering() }
    }

    private func closeIfBothEnded() {
        if isOpen, state.isSuperset(of: [.peerEnded, .writeEnded]) { finish(nil) }
    }
}

// Closing.
extension Connection {
    /// How long a peer may take no byte, and how long it may keep its side open when all is sent.
    static let stallLimit = Duration.seconds(30)
    static let lingerLimit = Duration.seconds(2)

    /// Closes now. What was not sent is dropped.
    public func close() {
        finish(nil)
    }

    /// Closes now, so that the peer sees a reset and not an orderly end.
    public func reset() {
        _ = try? withDescriptor { descriptor throws(SystemError) in try Socket.setResetOnClose(descriptor) }
        finish(nil)
    }

    /// Sends what was written, then ends. What the peer still sends is read and thrown away until it ends too, for two
    /// seconds: closing a socket with unread input would reset it, and the peer could lose what was sent last. A peer that
    /// takes no byte for 30 s is cut off.
    public func closeAfterFlush() {
        guard isOpen, !state.contains(.discarding) else { return }
        state.insert(.discarding)
        resumeReading()
        if state.contains(.peerEnded) { state.insert(.writeEnded) }
        if output.isEmpty { return state.contains(.writeEnded) ? endWriting() : shutdownWrite() }
        state.insert(.writeEnding)
        watchProgress(unsent: output.count)
    }

    private func watchProgress(unsent: Int) {
        loop.schedule(after: Self.stallLimit) { [weak self] in
            guard let self, isOpen, !output.isEmpty else { return }
            if output.count < unsent { watchProgress(unsent: output.count) } else { finish(nil) }
        }
    }

    private func limitLingering() {
        loop.schedule(after: Self.lingerLimit) { [weak self] in self?.finish(nil) }
    }

    private func finish(_ error: SystemError?) {
        guard let descriptor = descriptor.take() else { return }
        loop.deregister(registration, descriptor)
        output = OutputBuffer()
        state.insert([.writeEnding, .writeEnded])
        tellClosed(error)
    }

    private func tellClosed(_ error: SystemError?) {
        loop.atEndOfTurn { [self] in
            let told = handler
            handler = nil
            told?.connectionDidClose(self, error: error)
        }
    }
}

extension Connection: EventSource {
    func ready(_ readiness: Readiness) {
        if !readiness.isDisjoint(with: [.ended, .failed]) { state.insert(.endIsNear) }
        if readiness.contains(.failed) { state.insert(.hasFailed) }
        if readiness.contains(.writable) { becameWritable() }
        guard isOpen, readiness != .writable, !state.contains(.peerEnded) || readiness.contains(.failed) else { return }
        state.insert(.mayHaveInput)
        if state.contains(.paused), readiness.contains(.failed) { return failWithKeptError() }
        readSome()
    }

    func loopEnded() {
        finish(nil)
    }
}
