// Our end of a child's output, on the loop.

import Glibc

final class PipeReader: EventSource {
    private static let readsPerTurn = 4

    private let loop: EventLoop
    private var onLine: ([UInt8]) -> Void
    private var descriptor: Descriptor?
    private var registration = Registration(slot: 0, generation: 0)
    private var lines = LineSplitter()

    init(loop: EventLoop, _ readEnd: consuming Descriptor, _ onLine: @escaping ([UInt8]) -> Void) throws(SystemError) {
        self.loop = loop
        self.onLine = onLine
        try Processes.setNonBlocking(readEnd)
        registration = try loop.register(self, readEnd)
        descriptor = consume readEnd
    }

    func ready(_ readiness: Readiness) {
        for _ in 0..<Self.readsPerTurn { if !readOnce() { return } }
        loop.continueNextTurn(registration)
    }

    /// Reads what is there now and ends: the child is gone, but what it started may keep the pipe open.
    func finish() {
        while readOnce() {}
        close()
    }

    func loopEnded() { close() }

    private func close() {
        guard let closing = descriptor.take() else { return }
        loop.deregister(registration, closing)
        lines.end(onLine)
        onLine = { _ in }
    }

    /// Whether there may be more.
    private func readOnce() -> Bool {
        guard let count = read() else { return false }
        if count == 0 {
            close()
            return false
        }
        loop.readBuffer.withBytes(count) { lines.receive($0, onLine) }
        return descriptor != nil
    }

    private func read() -> Int? {
        switch descriptor {
        case .some(let descriptor): (try? loop.readBuffer.read(from: descriptor)) ?? nil
        case .none: nil
        }
    }
}
