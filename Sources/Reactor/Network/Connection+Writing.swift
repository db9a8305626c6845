// Writing: to the kernel at once. `send` keeps nothing and says what was taken; `write` keeps the rest.

extension Connection {
    /// Written here, not yet taken by the kernel.
    public var unsentBytes: Int { output.count }

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

    func becameWritable() {
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
        if !state.contains(.writeEnding) { return handler?.connectionCanWrite(self) ?? () }
        if hadOutput { endWriting() }
    }

    func endWriting() {
        _ = try? withDescriptor { Socket.shutdownWrite($0) }
        state.insert(.writeEnded)
        closeIfBothEnded()
        if isOpen, state.contains(.discarding) { limitLingering() }
    }

    private func offer(_ a: Span<UInt8>, _ b: Span<UInt8>) throws(SystemError) -> Int? {
        try withDescriptor { descriptor throws(SystemError) in try Socket.send(descriptor, a, b) }
    }
}
