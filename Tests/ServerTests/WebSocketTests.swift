import EventLog
import Reactor
import RelayProtocol
import TestSupport
import Testing
import Wire

/// RFC 6455 from the server's side: what breaks it is answered with its code, every close is reciprocated.
@Suite(.ownThread) struct WebSocketTests {
    private static let target = "/v1/topics/builds/websocket?after=earliest"

    private func opened(_ server: TestServer) throws -> TestWebSocket {
        let socket = try server.webSocket(Self.target)
        #expect(try Line(try socket.line()).type == "hello")
        return socket
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        let name: String
        let frame: [UInt8]
        let code: UInt16
        var testDescription: String { name }

        init(_ name: String, _ frame: [UInt8], _ code: UInt16) { (self.name, self.frame, self.code) = (name, frame, code) }
    }

    /// Headers of masked frames have a mask of zeros, so that payloads stand as they are.
    static let faults: [Fault] = [
        Fault("an unmasked frame", [0x81, 0x02, 0x7B, 0x7D], 1002),
        Fault("a reserved bit", [0xC1, 0x80, 0, 0, 0, 0], 1002),
        Fault("a reserved opcode", [0x83, 0x80, 0, 0, 0, 0], 1002),
        Fault("a reserved control opcode", [0x8B, 0x80, 0, 0, 0, 0], 1002),
        Fault("a long control frame", [0x89, 0xFE, 0x00, 0x7E, 0, 0, 0, 0], 1002),
        Fault("a fragmented control frame", [0x09, 0x80, 0, 0, 0, 0], 1002),
        Fault("a continuation of nothing", [0x80, 0x80, 0, 0, 0, 0], 1002),
        Fault("a text inside a text", [0x01, 0x81, 0, 0, 0, 0, 0x7B, 0x81, 0x81, 0, 0, 0, 0, 0x7D], 1002),
        Fault("a binary message", [0x82, 0x81, 0, 0, 0, 0, 1], 1003),
        Fault("a text that is not UTF-8", [0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
        Fault("a message over the limit", [0x81, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 1, 0, 0, 0, 0], 1009),
        Fault("half a close code", [0x88, 0x81, 0, 0, 0, 0, 3], 1002),
        Fault("a close code that may not be sent", [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED], 1002),
        Fault("a close code of no range", [0x88, 0x82, 0, 0, 0, 0, 0x00, 0x05], 1002),
        Fault("a close reason that is not UTF-8", [0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0xFF], 1007),
    ]

    @Test(arguments: faults) func `what breaks the protocol is closed with its code`(fault: Fault) throws {
        let server = try TestServer()
        let socket = try opened(server)
        socket.send(raw: fault.frame)
        #expect(try socket.nextControl() == .close(fault.code))
        #expect(try socket.next() == .end)
        #expect(try server.ask("GET", "/healthz").status == 200)
    }

    @Test(arguments: [nil, 1000, 1001, 1011, 3000, 4999] as [UInt16?]) func `a close is answered with its own code`(code: UInt16?) throws {
        let server = try TestServer()
        let socket = try opened(server)
        socket.sendClose(code)
        #expect(try socket.nextControl() == .close(code))
        #expect(try socket.next() == .end)
    }

    @Test func `a close in the middle of a replay is answered behind a whole frame`() throws {
        let server = try TestServer()
        try server.publish("builds", (1...2000).map { #"{"n":\#($0),"pad":"\#(String(repeating: "x", count: 400))"}"# })
        let socket = try server.webSocket(Self.target)
        socket.sendClose(1000)
        #expect(try socket.nextControl() == .close(1000))
        #expect(try socket.next() == .end)
    }

    @Test func `a ping is answered, also between the fragments of a message`() throws {
        let server = try TestServer()
        let socket = try opened(server)
        socket.send(ping: "are you there")
        #expect(try socket.next() == .pong(Array("are you there".utf8)))
        socket.send(raw: [0x01, 0x81, 0, 0, 0, 0, 0x7B])
        socket.send(ping: "")
        #expect(try socket.next() == .pong([]))
        socket.send(raw: [0x80, 0x81, 0, 0, 0, 0, 0x7D])
        #expect(try Line(try socket.line()).value["error"]?["code"]?.string == "invalid_command_id")
    }

    @Test func `frames that come with the handshake's request are kept until it is answered`() throws {
        let server = try talking()
        let socket = try server.webSocket(Self.session) {
            WebSocketEncoder.append(text: Array(#"{"id":"early","do":"stop"}"#.utf8), maskKey: 1, to: &$0)
            WebSocketEncoder.appendClose(code: 1000, maskKey: 1, to: &$0)
        }
        #expect(socket.head.status == 101)
        #expect(try Line(try socket.line()).type == "hello")
        #expect(try socket.nextControl() == .close(1000))
        #expect(try socket.next() == .end)
        // Its reply came behind the goodbye, and was nobody's.
        while try server.ask("GET", "\(Self.base)/commands/early").status == 404 {}
    }

    @Test func `a command that comes with the handshake's request has its reply`() throws {
        let server = try talking()
        let socket = try server.webSocket(Self.session) {
            WebSocketEncoder.append(text: Array(#"{"id":"early","do":"stop"}"#.utf8), maskKey: 1, to: &$0)
        }
        #expect(try Line(try socket.line()).type == "hello")
        #expect(try replies(socket, 1) == ["early"])
    }

    @Test func `what comes behind as many commands as may be under way waits for their replies`() throws {
        let server = try talking()
        let (held, gate) = (BlockingQueue<Bool>(), BlockingQueue<Bool>())
        defer { gate.close() }
        let socket = try server.webSocket(Self.session)
        _ = try socket.line()
        // Nothing is accepted while the writer is held.
        server.log.perform({ _ in held.post(always: true); _ = gate.take() }, { _ in })
        _ = held.take()
        var bytes: [UInt8] = []
        for number in 1...100 {
            WebSocketEncoder.append(text: Array(#"{"id":"c\#(number)","do":"stop"}"#.utf8), maskKey: 1, to: &bytes)
            if number == 31 || number == 100 { WebSocketEncoder.append(ping: Array("\(number)".utf8), maskKey: 1, to: &bytes) }
        }
        socket.send(raw: bytes)
        #expect(try socket.nextControl() == .pong(Array("31".utf8)))
        for _ in 0..<3 { #expect(try Line(try socket.lineOrHeartbeat()).type == "heartbeat") }
        gate.post(always: true)
        var (replies, pongs) = (0, 0)
        while replies < 100 || pongs == 0 {
            switch try socket.next() {
            case .line(let line): if try Line(line).type == "reply" { replies += 1 }
            case .pong(let payload):
                #expect(payload == Array("100".utf8) && replies >= 68)
                pongs += 1
            case let item: throw Unexpected("\(item)")
            }
        }
    }

    private static let base = "/v1/sessions/ses_1"
    private static let session = base + "/websocket"

    private func talking() throws -> TestServer {
        let server = try TestServer(isConnected: true) { $0.heartbeat = .milliseconds(40) }
        try server.append([SampleEvents.session("ses_1")], to: "ses_1")
        return server
    }

    /// The ids of so many replies.
    private func replies(_ socket: TestWebSocket, _ count: Int) throws -> [String] {
        var ids: [String] = []
        while ids.count < count {
            let line = try Line(try socket.line())
            if line.type == "reply", let id = line.value["id"]?.string { ids.append(id) }
        }
        return ids
    }

    @Test func `half an upgrade is no upgrade`() throws {
        let server = try TestServer()
        let fields = "Host: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\n"
        let cases: [(String, Int)] = [
            ("Upgrade: websocket\r\nConnection: keep-alive\r\n", 426),
            (
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n",
                426
            ),
            ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n", 400),
            ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", 400),
        ]
        for (more, status) in cases {
            #expect(try RawExchange(server.port, "GET \(Self.target) HTTP/1.1\r\n\(fields)\(more)\r\n").status == status, "\(more)")
        }
        #expect(try server.ask("GET", "/healthz").status == 200)
    }

    @Test func `an unknown session is refused before the upgrade`() throws {
        let server = try TestServer()
        #expect(try server.webSocket("/v1/sessions/ses_none/websocket").head.status == 404)
        #expect(try server.webSocket("/v1/sessions/none/websocket").head.status == 404)
        #expect(try server.webSocket("/v1/topics/ses_none/websocket").head.status == 404)
    }

    @Test func `a peer that drops out takes nothing with it`() throws {
        let server = try TestServer()
        let staying = try opened(server)
        for _ in 0..<20 { try opened(server).drop() }
        try server.publish("builds", ["1"])
        #expect(try Line(try staying.line()).event == "1")
    }

    @Test func `a silent stream has heartbeats that say what was sent`() throws {
        let server = try TestServer { $0.heartbeat = .milliseconds(40) }
        let last = try server.publish("builds", ["1", "2"]).last
        let socket = try opened(server)
        #expect(try socket.lines(2).events == ["1", "2"])
        for _ in 0..<3 {
            let line = try Line(try socket.lineOrHeartbeat())
            #expect(line.type == "heartbeat")
            #expect(line.value["sent"]?.string == last.description)
            #expect(line.value["head"]?.string == last.description)
        }
        let stream = try server.stream("/v1/topics/builds/events?after=\(last)")
        _ = try stream.next()
        let beat = try #require(try stream.next())
        #expect(beat.id == nil)
        #expect(try Line(beat.data).value["sent"]?.string == last.description)
    }

    @Test func `a plain topic takes no commands`() throws {
        let server = try TestServer()
        let socket = try opened(server)
        socket.send(text: #"{"id":"c1","do":"stop"}"#)
        let reply = try Line(try socket.line())
        #expect(reply.type == "reply" && reply.value["id"]?.string == "c1" && reply.value["ok"]?.bool == false)
    }

    @Test(arguments: ["nonsense", "[]", "{}", #"{"id":"a b","do":"stop"}"#, String(repeating: "[", count: 1000)])
    func `a message that is no command is answered, and the stream goes on`(text: String) throws {
        let server = try TestServer()
        let socket = try opened(server)
        socket.send(text: text)
        #expect(try Line(try socket.line()).type == "error")
        try server.publish("builds", ["1"])
        #expect(try Line(try socket.line()).event == "1")
    }

    @Test func `a peer that never answers a close is not waited for`() throws {
        let server = try TestServer { $0.drainTimeout = .milliseconds(100) }
        let socket = try opened(server)
        server.server.drain {}
        #expect(try Line(try socket.line()).type == "drain")
        #expect(try socket.next() == .close(1001))
        #expect(try socket.next() == .end)
    }
}
