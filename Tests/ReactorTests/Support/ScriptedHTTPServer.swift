// A server that answers with the bytes a test gives it. It reads requests only as far as it must: up to the empty line, and
// as much body as `Content-Length` says.

import Reactor

final class ScriptedHTTPServer {
    struct Request {
        let connection: Connection
        /// Counted from 0, over all connections.
        let number: Int
        let connectionNumber: Int
        let text: String

        func answer(_ text: String) { connection.write(Array(text.utf8)) }
        func answer(body: String) { answer("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)") }
    }

    private(set) var connections = 0
    private(set) var requests = 0
    private var listener: Listener?
    private let script: (Request) -> Void

    init(_ loop: EventLoop, _ script: @escaping (Request) -> Void) throws {
        self.script = script
        listener = try Listener(loop: loop, address: .anyLoopbackPort) { [unowned self] descriptor in
            accept(Connection(loop: loop, descriptor: descriptor))
        }
    }

    var origin: HTTPOrigin { HTTPOrigin(host: "127.0.0.1", port: listener?.boundAddress.port ?? 0) }

    func close() { listener?.close() }

    private func accept(_ connection: Connection) {
        let number = connections
        connections += 1
        let peer = Peer()
        var text = ""
        peer.onReceive = { [unowned self] connection, bytes in
            text += String(decoding: bytes, as: UTF8.self)
            while let request = Self.takeRequest(&text) {
                requests += 1
                script(Request(connection: connection, number: requests - 1, connectionNumber: number, text: request))
            }
        }
        peer.onEnd = { $0.close() }
        connection.handler = peer
    }

    private static func takeRequest(_ text: inout String) -> String? {
        let bytes = Array(text.utf8)
        guard let end = (0..<max(0, bytes.count - 3)).first(where: { Array(bytes[$0..<$0 + 4]) == [13, 10, 13, 10] }) else { return nil }
        let head = String(decoding: bytes[..<(end + 4)], as: UTF8.self)
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
        guard bytes.count >= end + 4 + length else { return nil }
        text = String(decoding: bytes[(end + 4 + length)...], as: UTF8.self)
        return String(decoding: bytes[..<(end + 4 + length)], as: UTF8.self)
    }
}

extension Finish {
    /// A server and a client of it, kept until the test's loop has ended.
    func serve(
        _ loop: EventLoop, maxConnections: Int = 6, _ script: @escaping (ScriptedHTTPServer.Request) -> Void
    ) throws -> (ScriptedHTTPServer, HTTPClient) {
        let server = keep(try ScriptedHTTPServer(loop, script))
        return (server, keep(HTTPClient(loop: loop, origin: server.origin, maxConnections: maxConnections)))
    }
}
