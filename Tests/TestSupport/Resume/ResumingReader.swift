// A subscriber that comes back after every cut with the position of its last whole event, until it has reached a goal. On a thread of its
// own, over plain sockets.

import Foundation
import Reactor
import Wire

public final class ResumingReader: Sendable {
    public let received = ReceivedLines()
    private let transport: ReadTransport
    private let port: UInt16
    private let path: String
    private let token: String

    /// - Parameter path: `/v1/sessions/ID` or `/v1/topics/NAME`.
    public init(_ transport: ReadTransport, port: UInt16, path: String, token: String, seed: Seed) {
        (self.transport, self.port, self.path, self.token) = (transport, port, path, token)
        Thread.detachNewThread { [self] in
            var seed = seed
            while !received.isDone { if !connectOnce(&seed) { rest(&seed) } }
        }
    }

    /// A client that was told nothing waits before it tries again.
    private func rest(_ seed: inout Seed) { _ = BlockingQueue<Bool>().takeAll(within: .milliseconds(seed.magnitude(in: 10...200))) }

    /// False if no event came.
    private func connectOnce(_ seed: inout Seed) -> Bool {
        guard let socket = try? TestSocket(port: port) else { return false }
        defer { socket.close() }
        let nonce = (0..<16).map { _ in UInt8.random(in: 0...255, using: &seed) }
        var stream = LineStream(transport, nonce: nonce)
        socket.write(request(nonce, &seed))
        var isUseful = false
        while !received.isDone {
            switch stream.next() {
            case .line(let line):
                let id = transport == .events ? line.id.map { String(decoding: $0, as: UTF8.self) } : nil
                isUseful = take(line, id) || isUseful
            case .send(let bytes): socket.write(bytes)
            case .end: return isUseful
            case .needMore:
                do {
                    guard let bytes = try socket.read(within: .milliseconds(500)) else { return isUseful }
                    stream.receive(bytes)
                } catch { continue }  // silence: the goal may have been set meanwhile
            }
        }
        return true
    }

    private func take(_ line: LineStream.Line, _ id: String?) -> Bool {
        let isEvent = received.write(String(decoding: line.bytes, as: UTF8.self), id: id)
        if isEvent, transport == .events, id == nil { received.fault("an event without an id") }
        return isEvent
    }

    private func request(_ nonce: [UInt8], _ seed: inout Seed) -> [UInt8] {
        var query = "after=\(received.position ?? "earliest")"
        if transport == .longPoll || transport == .page { query += "&limit=\(seed.magnitude(in: 1...500))" }
        if transport == .longPoll { query += "&wait=2" }
        var headers = transport.headers
        headers.add("authorization", "Bearer \(token)")
        let target = "\(path)/\(transport.route)?\(query)"
        var bytes: [UInt8] = []
        if transport == .webSocket {
            WebSocketHandshake.request(target: target, host: "127.0.0.1:\(port)", nonce: nonce, headers: headers).encoded(into: &bytes)
        } else {
            headers.add("host", "127.0.0.1:\(port)")
            HTTPRequestHead(target: target, headers: headers).encoded(into: &bytes)
        }
        return bytes
    }
}
