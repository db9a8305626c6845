// Our WebSocket's client side on a blocking socket: text messages out, text messages in.

import TestSupport
import Wire

final class MessageSocket {
    struct Closed: Error {}

    private let socket: TestSocket
    private var decoder = WebSocketDecoder(role: .client, limits: WebSocketLimits(messageBytes: 64 << 20))

    init(port: UInt16, target: String) throws {
        socket = try TestSocket(port: port)
        let nonce = (0..<16).map { _ in UInt8.random(in: 0...255) }
        var bytes: [UInt8] = []
        WebSocketHandshake.request(target: target, host: "127.0.0.1:\(port)", nonce: nonce).encoded(into: &bytes)
        socket.write(bytes)
        var head = HTTPResponseDecoder()
        head.expect(method: "GET")
        while true {
            switch head.next() {
            case .head(let answer):
                _ = try WebSocketHandshake.check(answer, nonce: nonce)
                decoder.receive(head.takeRemainder())
                return
            case .needMore: head.receive(try more())
            case .body, .end, .fail: throw Closed()
            }
        }
    }

    deinit { socket.close() }

    private func more() throws -> [UInt8] {
        guard let bytes = try socket.read(within: RunningProgram.patience) else { throw Closed() }
        return bytes
    }

    func send(_ text: String) throws {
        var bytes: [UInt8] = []
        WebSocketEncoder.append(text: Array(text.utf8), maskKey: .random(in: 1...(.max)), to: &bytes)
        socket.write(bytes)
    }

    func receive() throws -> [UInt8] {
        while true {
            switch decoder.next() {
            case .text(let message): return message
            case .needMore: decoder.receive(try more())
            case .ping(let payload):
                var bytes: [UInt8] = []
                WebSocketEncoder.append(pong: payload, maskKey: .random(in: 1...(.max)), to: &bytes)
                socket.write(bytes)
            case .pong, .binary: continue
            case .close, .fail: throw Closed()
            }
        }
    }
}
