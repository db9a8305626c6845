// Closing: at once, as a reset, or when everything is sent. However it comes about, the handler hears of it once.

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
    /// takes no byte for 30 s is cut off. The handler hears nothing more but the close.
    public func closeAfterFlush() {
        guard isOpen, !state.contains(.discarding) else { return }
        state.insert([.discarding, .writeEnding])
        resumeReading()
        if output.isEmpty { endWriting() } else { watchProgress(unsent: output.count) }
    }

    func closeIfBothEnded() {
        if isOpen, state.isSuperset(of: [.peerEnded, .writeEnded]) { finish(nil) }
    }

    func limitLingering() {
        loop.schedule(after: Self.lingerLimit) { [weak self] in self?.finish(nil) }
    }

    private func watchProgress(unsent: Int) {
        loop.schedule(after: Self.stallLimit) { [weak self] in
            guard let self, isOpen, !output.isEmpty else { return }
            if output.count < unsent { watchProgress(unsent: output.count) } else { finish(nil) }
        }
    }

    func finish(_ error: SystemError?) {
        guard let descriptor = descriptor.take() else { return }
        loop.deregister(registration, descriptor)
        output = OutputBuffer()
        state.insert([.writeEnding, .writeEnded])
        tellClosed(error)
    }

    func tellClosed(_ error: SystemError?) {
        loop.atEndOfTurn { [self] in
            let told = handler
            handler = nil
            told?.connectionDidClose(self, error: error)
        }
    }
}
