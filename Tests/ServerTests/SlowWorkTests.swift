// What takes long beside what must not wait for it: the loops, and the reads that replay is made of.

import EventLog
import Reactor
import RelayProtocol
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct SlowWorkTests {
    private static let id = "ses_1"
    private static let base = "/v1/sessions/ses_1"

    private func talking(_ log: LogOptions = LogOptions()) throws -> TestServer {
        let server = try TestServer(isConnected: true, log: log) { $0.loops = 1 }
        try server.append([SampleEvents.session(Self.id)], to: Self.id)
        return server
    }

    /// Every thread that reads waits at the door until it is closed, the slow one only if that is said.
    private func hold(_ server: TestServer, slow: Bool) -> BlockingQueue<Bool> {
        let api = BlockingQueue<Bool>()
        let held = BlockingQueue<Bool>()
        let wait: @Sendable (LogReader) -> Void = { _ in
            held.post(always: true)
            _ = api.take()
        }
        let count = slow ? 1 : LogOptions().readers
        for _ in 0..<count {
            if slow { server.log.readSlowly(wait, { _ in }) } else { server.log.read(wait, { _ in }) }
        }
        for _ in 0..<count { _ = held.take() }
        return api
    }

    @Test func `a digest is made while all other readers are at work`() throws {
        let server = try talking()
        let api = hold(server, slow: false)
        defer { api.close() }
        #expect(try server.ask("GET", "\(Self.base)/digest").status == 200)
    }

    @Test func `digests that take long hold up no other read`() throws {
        let server = try talking()
        let api = hold(server, slow: true)
        let waiting = try (1...3).map { _ in
            let socket = try TestSocket(port: server.port)
            socket.write(request("GET", "\(Self.base)/digest"))
            return socket
        }
        #expect(try server.ask("GET", Self.base).status == 200)
        #expect(try server.page("\(Self.base)/events?after=earliest").count == 3)
        api.close()
        for socket in waiting { #expect(try status(socket) == "200") }
    }

    @Test func `more digests than may wait are refused, and one is made when there is room again`() throws {
        var options = LogOptions()
        options.slowReads = 2
        let server = try talking(options)
        let api = hold(server, slow: true)
        let waiting = try (1...2).map { _ in
            let socket = try TestSocket(port: server.port)
            socket.write(request("GET", "\(Self.base)/digest"))
            return socket
        }
        // The one loop has begun both, and so has asked for them before it looks at the next.
        while try server.figure("reprise_requests_total") < 2 {}
        let refused = try server.ask("GET", "\(Self.base)/digest")
        #expect(refused.status == 503 && refused.text.contains(#""code":"overloaded""#))
        api.close()
        for socket in waiting { #expect(try status(socket) == "200") }
        #expect(try server.ask("GET", "\(Self.base)/digest").status == 200)
    }

    @Test(arguments: [("chat", #"{"content":"\#(String(repeating: "x", count: 200_000))""#), ("chat", #"{"content":"x"}"#)])
    func `a large body is worked on beside the loop`(path: String, body: String) throws {
        let server = try talking()
        let api = hold(server, slow: false)
        defer { api.close() }
        let before = try server.figure("reprise_requests_total")
        let socket = try TestSocket(port: server.port)
        socket.write(request("POST", "\(Self.base)/\(path)", body))
        while try server.figure("reprise_requests_total") == before { try #require(try server.ask("GET", "/healthz").status == 200) }
        // The one loop has handled the request before this.
        #expect(try server.ask("GET", "/healthz").status == 200)
        let isLarge = body.utf8.count > 64 << 10
        if isLarge {
            // What the loop itself had answered would be here by now.
            #expect(throws: TestSocket.Failure.self) { try socket.read(within: .zero) }
            api.close()
        }
        #expect(try status(socket) == (isLarge ? "400" : "202"))
    }

    private func request(_ method: String, _ target: String, _ body: String = "") -> String {
        "\(method) \(target) HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(TestServer.token)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private func status(_ socket: TestSocket) throws -> String? {
        try socket.read().map { String(decoding: $0.dropFirst(9).prefix(3), as: UTF8.self) }
    }
}
