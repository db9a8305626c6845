// A WebSocket client that says exactly what a test tells it to, and gives lines and control frames in the order they came.

import TestSupport
import Wire

final class TestWebSocket {
    enum Item: Equatable {
        case line(String)
        case ping([UInt8])
        case pong([UInt8])
        case close(UInt16?)
        /// The TCP connection has ended.
        case end
        case fault(String)
    }

    let head: HTTPResponseHead
    private let socket: TestSocket
    private var decoder = WebSocketDecoder(role: .client, limits: WebSocketLimits(messageBytes: 1 << 20))
    private var items: [Item] = []
    /// Messages that had lines.
    private(set) var messages = 0

    /// - Parameter more: appends what comes with the handshake's request.
    static func open(_ port: UInt16, _ target: String, headers: [(String, String)], _ more: (inout [UInt8]) -> Void) throws -> TestWebSocket
    {
        let socket = try TestSocket(port: port)
        var request = WebSocketHandshake.request(target: target, host: "127.0.0.1:\(port)", nonce: Array(0..<16))
        for (name, value) in headers { request.headers.add(name, value) }
        var bytes: [UInt8] = []
        request.encoded(into: &bytes)
        more(&bytes)
        socket.write(bytes)
        var decoder = HTTPResponseDecoder()
        decoder.expect(method: "GET")
        while true {
            switch decoder.next() {
            case .head(let head): return TestWebSocket(head, socket, rest: head.status == 101 ? decoder.takeRemainder() : [])
            case .needMore:
                guard let bytes = try socket.read() else { throw Unexpected("no answer") }
                decoder.receive(bytes)
            case .body, .end, .fail: throw Unexpected("not an answer")
            }
        }
    }

    private init(_ head: HTTPResponseHead, _ socket: TestSocket, rest: [UInt8]) {
        (self.head, self.socket) = (head, socket)
        decoder.receive(rest)
    }

    deinit { socket.close() }

    // Saying.

    func send(raw bytes: [UInt8]) { socket.write(bytes) }

    func send(text: String) {
        var frame: [UInt8] = []
        WebSocketEncoder.append(text: Array(text.utf8), maskKey: 0x0102_0304, to: &frame)
        socket.write(frame)
    }

    func send(ping: String) {
        var frame: [UInt8] = []
        WebSocketEncoder.append(ping: Array(ping.utf8), maskKey: 7, to: &frame)
        socket.write(frame)
    }

    func sendClose(_ code: UInt16?) {
        var frame: [UInt8] = []
        WebSocketEncoder.appendClose(code: code, maskKey: 9, to: &frame)
        socket.write(frame)
    }

    func drop() { socket.close() }

    // Hearing.

    func next() throws -> Item {
        while items.isEmpty {
            take()
            if !items.isEmpty { break }
            guard let bytes = try socket.read() else { return .end }
            decoder.receive(bytes)
        }
        return items.removeFirst()
    }

    /// The next line; heartbeats, which come when they come, are passed over.
    func line() throws -> String {
        while true {
            let line = try lineOrHeartbeat()
            if !line.hasPrefix(#"{"type":"heartbeat""#) { return line }
        }
    }

    func lineOrHeartbeat() throws -> String {
        let item = try next()
        guard case .line(let line) = item else { throw Unexpected("\(item) instead of a line") }
        return line
    }

    func lines(_ count: Int) throws -> [String] { try (0..<count).map { _ in try line() } }

    /// Passes over lines to the next other thing.
    func nextControl() throws -> Item {
        while true {
            let item = try next()
            if case .line = item { continue }
            return item
        }
    }

    private func take() {
        while true {
            switch decoder.next() {
            case .needMore: return
            case .text(let text):
                messages += 1
                if text.last != 0x0A { items.append(.fault("a message without its last LF")) }
                items += text.split(separator: 0x0A).map { .line(String(decoding: $0, as: UTF8.self)) }
            case .binary: items.append(.fault("a binary message"))
            case .ping(let payload): items.append(.ping(payload))
            case .pong(let payload): items.append(.pong(payload))
            case .close(let code, _): items.append(.close(code))
            case .fail(_, let reason):
                items.append(.fault(reason))
                return
            }
        }
    }
}
