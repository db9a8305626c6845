// A TCP connection for tests that read and write one after the other: a blocking face over a loop of its own. Nothing waits longer than its
// limit, so that a test that would hang fails.

import Reactor

public final class TestSocket: Sendable {
    public enum Failure: Error, Sendable {
        case unreachable(String)
        case timedOut
    }

    private enum Input: Sendable {
        case bytes([UInt8])
        case ended
        case closed(String?)
    }

    private enum Command: Sendable {
        case write([UInt8])
        case resume
        case end
        case close
        case reset
    }

    /// Long enough for a machine that is busy with something else.
    public static let limit = Duration.seconds(60)

    private let input: BlockingQueue<Input>
    private let mailbox: Mailbox<Command>
    private let thread: LoopThread

    /// - Parameter pauses: after each piece it takes no more, and its kernel little, until `resume`.
    public init(host: String = "127.0.0.1", port: UInt16, pauses: Bool = false) throws {
        let options = Connection.Options(receiveBufferBytes: pauses ? 32 << 10 : nil)
        let input = BlockingQueue<Input>()
        let mailbox = Mailbox<Command>(capacity: 1 << 16)
        let connected = BlockingQueue<String?>()
        (self.input, self.mailbox) = (input, mailbox)
        thread = EventLoop.spawn(name: "test-socket") { loop in
            let handler = QueueingHandler(input, pauses: pauses)
            _ = Connector(loop: loop, host: host, port: port, timeout: Self.limit, options: options) { outcome in
                switch outcome {
                case .success(let connection):
                    connection.handler = handler
                    loop.attach(mailbox) { commands in for command in commands { Self.carryOut(command, connection, handler) } }
                    connected.post(always: nil)
                case .failure(let error): connected.post(always: "\(error)")
                }
            }
        }
        if let failure = connected.take() ?? nil { throw Failure.unreachable(failure) }
    }

    private static func carryOut(_ command: Command, _ connection: Connection, _ handler: QueueingHandler) {
        switch command {
        case .write(let bytes): connection.write(bytes)
        case .resume:
            handler.pauses = false
            connection.resumeReading()
        case .end: connection.shutdownWrite()
        case .close: connection.close()
        case .reset: connection.reset()
        }
    }

    public func write(_ bytes: [UInt8]) { mailbox.post(always: .write(bytes)) }
    public func write(_ text: String) { write(Array(text.utf8)) }
    /// Takes all that comes, from now on.
    public func resume() { mailbox.post(always: .resume) }
    /// Ends this side: nothing more is written.
    public func end() { mailbox.post(always: .end) }
    public func close() { mailbox.post(always: .close) }
    /// So that the peer sees a reset.
    public func reset() { mailbox.post(always: .reset) }

    /// The next bytes; nil when the peer has ended or the connection is gone.
    public func read(within limit: Duration = TestSocket.limit) throws -> [UInt8]? {
        guard let next = input.takeAll(within: limit) else { return nil }
        guard !next.isEmpty else { throw Failure.timedOut }
        var bytes: [UInt8] = []
        for piece in next {
            if case .bytes(let more) = piece { bytes += more } else { input.close() }
        }
        return bytes.isEmpty ? nil : bytes
    }

    deinit { thread.stop() }

    private final class QueueingHandler: ConnectionHandler {
        var pauses: Bool
        private let input: BlockingQueue<Input>
        init(_ input: BlockingQueue<Input>, pauses: Bool) { (self.input, self.pauses) = (input, pauses) }

        func connection(_ connection: Connection, received bytes: Span<UInt8>) {
            if pauses { connection.pauseReading() }
            var copy: [UInt8] = []
            copy.reserveCapacity(bytes.count)
            for index in 0..<bytes.count { copy.append(bytes[index]) }
            input.post(always: .bytes(copy))
        }

        func connectionDidEnd(_ connection: Connection) { input.post(always: .ended) }
        func connectionDidClose(_ connection: Connection, error: SystemError?) { input.post(always: .closed(error.map { "\($0)" })) }
    }
}
