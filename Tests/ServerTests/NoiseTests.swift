import Reactor
import TestSupport
import Testing
import Wire

/// Whatever comes over the wire, the server lives, and serves the next one.
@Suite(.ownThread) struct NoiseTests {
    private static let requests = [
        "POST /v1/topics/builds/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
        "GET /v1/topics/builds/events?after=earliest&wait=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\n\r\n",
        "POST /v1/topics/builds/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n0\r\n\r\n",
        "GET /v1/topics/builds/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\nAccept: text/event-stream\r\n\r\n",
    ]

    /// Damages some bytes: changes, drops, doubles.
    private func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(bytes[place], at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func `damaged requests and frames`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let server = try TestServer { ($0.headTimeout, $0.bodyTimeout) = (.milliseconds(200), .milliseconds(200)) }
        for _ in 0..<30 {
            let request = Array(Self.requests[Int.random(in: 0..<Self.requests.count, using: &random)].utf8)
            let socket = try TestSocket(port: server.port)
            socket.write(damaged(request, &random))
            if Bool.random(using: &random) { socket.write(damaged(request, &random)) }
            if Bool.random(using: &random) { socket.reset() } else { socket.close() }
            let open = try server.webSocket("/v1/topics/builds/websocket?after=earliest")
            var frame: [UInt8] = []
            WebSocketEncoder.append(text: Array(#"{"id":"c1","do":"stop"}"#.utf8), maskKey: 5, to: &frame)
            open.send(raw: damaged(frame, &random))
            open.drop()
        }
        #expect(try server.ask("GET", "/healthz").status == 200, "seed \(seed)")
        try server.publish("builds", ["1"])
    }
}
