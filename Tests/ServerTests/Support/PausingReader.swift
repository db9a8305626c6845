// A WebSocket client that reads nothing of the stream until it is told to.

import Reactor
import TestSupport
import Wire

final class PausingReader: Sendable {
    private enum Item: Sendable {
        case line(String)
        case pong, end
        case close(UInt16?)
    }
    private enum Command: Sendable {
        case resume, goDeaf
        case write([UInt8])
    }

    private let items = BlockingQueue<Item>()
    private let mailbox = Mailbox<Command>(capacity: 1 << 16)
    private let thread: LoopThread

    /// Returns when the handshake is answered; what follows it stays in the kernel.
    init(_ port: UInt16, _ target: String) throws {
        let (items, mailbox) = (items, mailbox)
        let opened = BlockingQueue<Bool>()
        thread = EventLoop.spawn(name: "pausing") { loop in
            let handler = QueueingHandler(items, opened)
            _ = Connector(
                loop: loop, host: "127.0.0.1", port: port, timeout: .seconds(10), options: Connection.Options(receiveBufferBytes: 32 << 10)
            ) { outcome in
                guard let connection = try? outcome.get() else { return _ = opened.post(always: false) }
                connection.handler = handler
                loop.attach(mailbox) { commands in
                    for command in commands {
                        switch command {
                        case .resume: connection.resumeReading()
                        case .goDeaf: connection.goDeaf()
                        case .write(let bytes): connection.write(bytes)
                        }
                    }
                }
                let request = WebSocketHandshake.request(
                    target: target, host: "localhost", nonce: Array(0..<16), headers: ["Authorization": "Bearer \(TestServer.token)"])
                var bytes: [UInt8] = []
                request.encoded(into: &bytes)
                connection.write(bytes)
            }
        }
        guard opened.take() == true else { throw Unexpected("no WebSocket") }
    }

    deinit { thread.stop() }

    func resume() { mailbox.post(always: .resume) }
    /// As if its machine were gone.
    func goDeaf() { mailbox.post(always: .goDeaf) }
    func write(_ bytes: [UInt8]) { mailbox.post(always: .write(bytes)) }

    /// So many lines, once it reads.
    func lines(_ count: Int) throws -> [String] {
        var lines: [String] = []
        while lines.count < count {
            guard let next = items.takeAll(within: .seconds(60)), !next.isEmpty else { throw Unexpected("\(lines.count) lines") }
            for item in next {
                switch item {
                case .line(let line): if !line.hasPrefix(#"{"type":"heartbeat""#) { lines.append(line) }
                case .pong: break
                case .end, .close: throw Unexpected("the end after \(lines.count) lines")
                }
            }
        }
        return lines
    }

    func pongs(_ count: Int) -> Bool {
        var left = count
        while left > 0, let next = items.takeAll(within: .seconds(60)), !next.isEmpty {
            for case .pong in next { left -= 1 }
        }
        return left == 0
    }

    /// The code that it is closed with; nil where the connection has gone without one.
    func closeCode() -> UInt16? {
        while let next = items.takeAll(within: .seconds(60)), !next.isEmpty {
            for item in next {
                switch item {
                case .close(let code): return code
                case .end: return nil
                case .line, .pong: break
                }
            }
        }
        return nil
    }

    /// Whether the connection has gone, without a byte having been read.
    func waitForEnd() -> Bool {
        while let next = items.takeAll(within: .seconds(60)), !next.isEmpty {
            for case .end in next { return true }
        }
        return false
    }

    private final class QueueingHandler: ConnectionHandler {
        private let items: BlockingQueue<Item>
        private let opened: BlockingQueue<Bool>
        private var http = HTTPResponseDecoder()
        private var decoder = WebSocketDecoder(role: .client)
        private var isOpen = false

        init(_ items: BlockingQueue<Item>, _ opened: BlockingQueue<Bool>) {
            (self.items, self.opened) = (items, opened)
            http.expect(method: "GET")
        }

        func connection(_ connection: Connection, received bytes: Span<UInt8>) {
            if isOpen {
                decoder.receive(bytes)
            } else {
                http.receive(bytes)
                guard case .head(let head) = http.next() else { return }
                isOpen = true
                decoder.receive(http.takeRemainder())
                connection.pauseReading()
                opened.post(always: head.status == 101)
            }
            read()
        }

        private func read() {
            while true {
                switch decoder.next() {
                case .text(let text):
                    for line in text.split(separator: 0x0A) { items.post(always: .line(String(decoding: line, as: UTF8.self))) }
                case .pong: items.post(always: .pong)
                case .close(let code, _): items.post(always: .close(code))
                case .ping, .binary: break
                case .needMore, .fail: return
                }
            }
        }

        func connectionDidEnd(_ connection: Connection) { items.post(always: .end) }
        func connectionDidClose(_ connection: Connection, error: SystemError?) { items.post(always: .end) }
    }
}
