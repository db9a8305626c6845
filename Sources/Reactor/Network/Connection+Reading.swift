// Reading: as long as there is input and nobody objects, but only a few times a turn.

extension Connection {
    /// At most so many reads, of 64 KiB each, before others have their turn.
    static let readsPerTurn = 4

    public var isReadingPaused: Bool { state.contains(.paused) }

    /// Takes no more from the kernel, whose window then closes. What was read before has been handed over.
    public func pauseReading() {
        state.insert(.paused)
    }

    public func resumeReading() {
        guard state.contains(.paused), isOpen else { return }
        state.remove(.paused)
        if state.contains(.mayHaveInput) { loop.continueNextTurn(registration) }
    }

    func becameReadable() {
        // Of a socket whose peer had ended, `recv` says 0 even after a reset; of one that is not read, nobody would hear.
        if state.contains(.hasFailed), !state.isDisjoint(with: [.peerEnded, .paused]) { return failWithKeptError() }
        if state.contains(.peerEnded) { return }
        state.insert(.mayHaveInput)
        for _ in 0..<Self.readsPerTurn where mayRead { readOnce() }
        if mayRead { loop.continueNextTurn(registration) }
    }

    private var mayRead: Bool { isOpen && state.contains(.mayHaveInput) && !state.contains(.paused) }

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
        if !state.contains(.discarding) { handler?.connectionDidEnd(self) }
        closeIfBothEnded()
    }

    private func failWithKeptError() {
        let error = try? withDescriptor { Socket.takeError($0, of: "recv") }
        finish(error ?? nil)
    }
}
