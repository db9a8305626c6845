// A subscriber that takes nothing, until it is told to go on.

import Reactor
import TestSupport
import Wire

final class StoppedReader: Sendable {
    private enum Command: Sendable { case resume }

    private let thread: LoopThread
    private let mailbox = Mailbox<Command>(capacity: 4)
    private let input: BlockingQueue<[UInt8]>

    /// Asks for a page of bytes without an end, with a small buffer, and reads none.
    init(port: UInt16, target: String, headers: HTTPHeaders) throws {
        let (input, opened) = (BlockingQueue<[UInt8]>(), BlockingQueue<Bool>())
        self.input = input
        var request: [UInt8] = []
        var head = HTTPRequestHead(target: target, headers: headers)
        head.headers.add("host", "127.0.0.1:\(port)")
        head.encoded(into: &request)
        thread = EventLoop.spawn(name: "stopped-reader") { [mailbox, request] loop in
            let options = Connection.Options(receiveBufferBytes: 64 << 10)
            _ = Connector(loop: loop, host: "127.0.0.1", port: port, timeout: .seconds(20), options: options) { outcome in
                guard case .success(let connection) = outcome else { return opened.close() }
                connection.handler = QueueingHandler(input)
                connection.pauseReading()
                connection.write(request)
                opened.post(always: true)
                loop.attach(mailbox) { _ in connection.resumeReading() }
            }
        }
        guard opened.take() == true else { throw TestSocket.Failure.unreachable("no connection") }
    }

    deinit { thread.stop() }

    func resume() { _ = mailbox.post(always: .resume) }

    /// What came since; nil at the end.
    func read() throws -> [UInt8]? {
        guard let pieces = input.takeAll(within: TestSocket.limit) else { return nil }
        guard !pieces.isEmpty else { throw TestSocket.Failure.timedOut }
        return pieces.flatMap(\.self)
    }

    private final class QueueingHandler: ConnectionHandler {
        private let input: BlockingQueue<[UInt8]>
        init(_ input: BlockingQueue<[UInt8]>) { self.input = input }

        func connection(_ connection: Connection, received bytes: Span<UInt8>) {
            input.post(always: (0..<bytes.count).map { bytes[$0] })
        }
        func connectionDidEnd(_ connection: Connection) { input.close() }
        func connectionDidClose(_ connection: Connection, error: SystemError?) { input.close() }
    }
}
