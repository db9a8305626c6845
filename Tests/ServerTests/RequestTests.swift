import Foundation
import RelayProtocol
import TestSupport
import Testing
import Wire

/// What is wrong as a request is answered with a problem, and the server lives on.
@Suite(.ownThread) struct RequestTests {
    private static let lines = "Host: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\n"

    struct Wrong: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        let status: Int
        let code: String
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ status: Int, _ code: String) { self.init(name, bytes: Array(text.utf8), status, code) }

        init(_ name: String, bytes: [UInt8], _ status: Int, _ code: String) {
            (self.name, self.bytes, self.status, self.code) = (name, bytes, status, code)
        }
    }

    private static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\n\(lines)\r\n" }

    private static func post(_ target: String, _ body: String, type: String = "application/json", more: String = "") -> String {
        "POST \(target) HTTP/1.1\r\n\(lines)Content-Type: \(type)\r\n\(more)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let publish = "/v1/topics/builds/events"

    static let wrong: [Wrong] = [
        Wrong("not HTTP", "hello\r\n\r\n", 400, "bad_request"),
        Wrong("another HTTP", "GET / HTTP/2.0\r\n\(lines)\r\n", 505, "version_not_supported"),
        Wrong("a long request line", get("/" + String(repeating: "a", count: 9000)), 414, "uri_too_long"),
        Wrong("a long field", "GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 40_000))\r\n", 431, "headers_too_large"),
        Wrong("too many fields", "GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n", 431, "headers_too_large"),
        Wrong("two lengths", "POST \(publish) HTTP/1.1\r\n\(lines)Content-Length: 1\r\nContent-Length: 2\r\n\r\n1", 400, "bad_request"),
        Wrong(
            "a length and chunks", "POST \(publish) HTTP/1.1\r\n\(lines)Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            "bad_request"),
        Wrong("a bad chunk", "POST \(publish) HTTP/1.1\r\n\(lines)Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, "bad_request"),
        Wrong("another coding", "POST \(publish) HTTP/1.1\r\n\(lines)Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "not_implemented"),
        Wrong("no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400, "bad_request"),
        Wrong("two Hosts", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400, "bad_request"),
        Wrong("an obsolete folded field", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", 400, "bad_request"),
        Wrong("an escape that is none", get("/v1/topics/%zz/events"), 400, "bad_request"),
        Wrong("a NUL in the path", get("/v1/topics/a%00/events"), 400, "bad_request"),
        Wrong("no such path", get("/v1/nothing"), 404, "not_found"),
        Wrong("no such file", get("/../../etc/passwd"), 404, "not_found"),
        Wrong("no such file, escaped", get("/%2e%2e/etc/passwd"), 404, "not_found"),
        Wrong("another method", "PUT /v1/sessions HTTP/1.1\r\n\(lines)\r\n", 405, "method_not_allowed"),
        Wrong("an unknown session", get("/v1/sessions/ses_none"), 404, "unknown_session"),
        Wrong("what is no session's id", get("/v1/sessions/none"), 404, "unknown_session"),
        Wrong("an unknown session's messages", get("/v1/sessions/ses_none/messages"), 404, "unknown_session"),
        Wrong("an unknown session's events", get("/v1/sessions/ses_none/events"), 404, "unknown_session"),
        Wrong("a prompt to an unknown session", post("/v1/sessions/ses_none/chat", #"{"content":"x"}"#), 404, "unknown_session"),
        Wrong("a topic that cannot be", get("/v1/topics/-x/events"), 400, "invalid_topic"),
        Wrong("a topic too long", get("/v1/topics/\(String(repeating: "a", count: 129))/events"), 400, "invalid_topic"),
        Wrong("a topic with a slash", get("/v1/topics/a%2fb/events"), 400, "invalid_topic"),
        Wrong("the lobby is ours", post("/v1/topics/lobby/events", "1"), 403, "reserved_topic"),
        Wrong("a session's topic is ours", post("/v1/topics/ses_1/events", "1"), 403, "reserved_topic"),
        Wrong("the lobby stays", "DELETE /v1/topics/lobby HTTP/1.1\r\n\(lines)\r\n", 403, "reserved_topic"),
        Wrong("not JSON", post(publish, "{"), 400, "invalid_json"),
        Wrong("nothing", post(publish, ""), 400, "invalid_json"),
        Wrong("two values", post(publish, "1 2"), 400, "invalid_json"),
        Wrong("deep JSON", post(publish, String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)), 400, "invalid_json"),
        Wrong("a raw NUL", post(publish, "\"\u{0}\""), 400, "invalid_json"),
        Wrong(
            "not UTF-8",
            bytes: Array("POST \(publish) HTTP/1.1\r\n\(lines)Content-Length: 4\r\n\r\n\"".utf8) + [0xFF, 0xFE] + Array("\"".utf8),
            400, "invalid_json"),
        Wrong("a line of a batch that is not JSON", post(publish, "1\n2\n{\n", type: "application/x-ndjson"), 400, "invalid_json"),
        Wrong("another type", post(publish, "1", type: "text/plain"), 415, "unsupported_media_type"),
        Wrong("another charset", post(publish, "1", type: "application/json; charset=iso-8859-1"), 415, "unsupported_media_type"),
        Wrong(
            "another charset in quotes", post(publish, "1", type: "application/x-ndjson;v=\";\"; Charset=\"UTF-16\""), 415,
            "unsupported_media_type"),
        Wrong("a long key", post(publish, "1", more: "Idempotency-Key: \(String(repeating: "k", count: 129))\r\n"), 400, "bad_request"),
        Wrong("an empty key", post(publish, "1", more: "Idempotency-Key:\r\n"), 400, "bad_request"),
        Wrong("a key with a space", post(publish, "1", more: "Idempotency-Key: a b\r\n"), 400, "bad_request"),
        Wrong("a key beyond ASCII", post(publish, "1", more: "Idempotency-Key: schlüssel\r\n"), 400, "bad_request"),
        Wrong(
            "a command's key that is no id", post("/v1/sessions/ses_1/stop", "{}", more: "Idempotency-Key: a b\r\n"), 400,
            "invalid_command_id"),
        Wrong("a cursor that no list gave", get("/v1/sessions?cursor=bogus"), 400, "bad_request"),
        Wrong("a cursor that is no topic", get("/v1/topics?cursor=-"), 400, "bad_request"),
        Wrong("neither true nor false", get("/v1/sessions?archived=maybe"), 400, "bad_request"),
        Wrong("a catch-up that is none", get("/v1/topics/builds/events?catchup=soon"), 400, "bad_request"),
        Wrong("a limit with a sign", get("/v1/sessions?limit=%2B5"), 400, "bad_request"),
        Wrong("a negative limit", get("/v1/topics?limit=-1"), 400, "bad_request"),
        Wrong("an event over the limit", post(publish, "\"\(String(repeating: "x", count: 1 << 20))\""), 413, "payload_too_large"),
        Wrong(
            "a body over the limit", "POST \(publish) HTTP/1.1\r\n\(lines)Content-Length: \(17 << 20)\r\n\r\n", 413, "payload_too_large"),
        Wrong(
            "a command's body over the limit", "POST /v1/sessions/ses_1/stop HTTP/1.1\r\n\(lines)Content-Length: 70000\r\n\r\n", 413,
            "payload_too_large"),
        Wrong("a limit that is none", get("/v1/topics/builds/events?limit=x"), 400, "bad_request"),
        Wrong("a limit of nothing", get("/v1/topics/builds/events?limit=0"), 400, "bad_request"),
        Wrong(
            "a type that is not served", "GET /v1/topics/builds/events HTTP/1.1\r\n\(lines)Accept: image/png\r\n\r\n", 406, "not_acceptable"
        ),
        Wrong("a WebSocket over HTTP", get("/v1/topics/builds/websocket"), 426, "upgrade_required"),
        Wrong("a command's id that is none", post("/v1/sessions/ses_1/stop", #"{"id":"a b"}"#), 400, "invalid_command_id"),
        Wrong("a directory outside", post("/v1/sessions", #"{"directory":"/etc"}"#), 403, "directory_outside_roots"),
        Wrong("a directory that climbs", post("/v1/sessions", #"{"directory":"/tmp/../etc"}"#), 403, "directory_outside_roots"),
    ]

    @Test(arguments: wrong) func `is answered with a problem`(wrong: Wrong) throws {
        let server = try TestServer()
        let exchange = try RawExchange(server.port, wrong.bytes, method: "POST")
        #expect(exchange.status == wrong.status)
        #expect(exchange.code == wrong.code)
        #expect(exchange.answers.first?.head.headers["content-type"] == "application/problem+json")
        #expect(try server.ask("GET", "/healthz").status == 200)
    }

    @Test(arguments: ["20000", "9223372036854775807", "99999999999999999999999999"])
    func `a number beyond the most is taken as the most`(limit: String) throws {
        let server = try TestServer()
        for target in [
            "/v1/sessions?limit=", "/v1/topics?limit=", "\(Self.publish)?after=earliest&limit=", "\(Self.publish)?wait=0&limit=",
        ] {
            #expect(try server.ask("GET", target + limit).status == 200, "\(target)")
        }
    }

    @Test func `a cursor of older messages that no answer gave is refused`() throws {
        let server = try TestServer()
        try server.append([SampleEvents.session("ses_1")], to: "ses_1")
        for before in ["bogus", "1.", ".m", "x.m"] {
            #expect(try server.ask("GET", "/v1/sessions/ses_1/messages?before=\(before)").status == 400, "\(before)")
        }
        #expect(try server.ask("GET", "/v1/sessions/ses_1/messages?before=5.msg_1").status == 200)
    }

    @Test func `what was asked before the client ended its side is answered, all of it`() throws {
        let server = try TestServer()
        let socket = try TestSocket(port: server.port)
        socket.write((1...20).map { Self.post(Self.publish, "\($0)") }.joined() + "GET /healthz HTTP/1.1\r\nHost: loc")
        socket.end()
        var bytes: [UInt8] = []
        while let more = try socket.read() { bytes += more }
        #expect(String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 200 ").count == 21)
        #expect(try server.page("\(Self.publish)?after=earliest").events == (1...20).map { "\($0)" })
    }

    @Test(arguments: ["text/event-stream", "websocket"]) func `a stream that was asked for before the client ended its side is not begun`(
        _ kind: String
    ) throws {
        let server = try TestServer()
        let socket = try TestSocket(port: server.port)
        let upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\n"
        let stream = kind == "websocket" ? ("websocket", upgrade) : ("events", "Accept: \(kind)\r\n")
        // The wait for a page ends with the client's side, so what follows is looked at when that is known.
        socket.write(Self.get("\(Self.publish)?wait=60") + "GET /v1/topics/builds/\(stream.0) HTTP/1.1\r\n\(Self.lines)\(stream.1)\r\n")
        while try server.figure("reprise_pages_waiting") < 1 { _ = try server.ask("GET", "/healthz") }
        socket.end()
        var bytes: [UInt8] = []
        while let more = try socket.read() {
            bytes += more
            try #require(String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").count == 2)
        }
        #expect(try server.figure("reprise_subscribers") == 0)
    }

    @Test func `a request behind an answer that is taken slowly has its time when it is read`() throws {
        let server = try TestServer { ($0.headTimeout, $0.heartbeat) = (.seconds(1), .milliseconds(100)) }
        let clock = try server.webSocket("/v1/topics/quiet/websocket")
        let pad = String(repeating: "x", count: 4000)
        try server.publish("builds", (1...1000).map { #"{"n":\#($0),"pad":"\#(pad)"}"# })
        let (socket, before) = (try TestSocket(port: server.port, pauses: true), try server.figure("reprise_requests_total"))
        socket.write(Self.get("\(Self.publish)?after=earliest&limit=1000") + Self.get("/healthz"))
        while try server.figure("reprise_requests_total") == before {}
        // Longer than a head may take.
        for _ in 0..<15 { _ = try clock.lineOrHeartbeat() }
        socket.resume()
        var text = ""
        while !text.hasSuffix("ok\n"), let more = try socket.read() { text += String(decoding: more, as: UTF8.self) }
        #expect(text.components(separatedBy: "HTTP/1.1 200 ").count == 3 && !text.contains("HTTP/1.1 408"))
    }

    @Test func `a page that is waited for is answered when the client ends its side, and let go when it leaves`() throws {
        let server = try TestServer()
        let last = try server.publish("builds", ["1"]).last
        let (ending, leaving) = (try TestSocket(port: server.port), try TestSocket(port: server.port))
        for socket in [ending, leaving] { socket.write(Self.get("\(Self.publish)?after=\(last)&wait=60")) }
        while try server.figure("reprise_pages_waiting") < 2 { _ = try server.ask("GET", "/healthz") }
        ending.end()
        var bytes: [UInt8] = []
        while let more = try ending.read(within: .seconds(30)) { bytes += more }
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix(#""head":"\#(last)"}"# + "\n"))
        leaving.reset()
        while try server.figure("reprise_pages_waiting") > 0 { _ = try server.ask("GET", "/healthz") }
    }

    /// The request after the answer is served in a later turn of the only loop.
    @Test func `a page that was waited for and answered leaves nothing behind`() throws {
        let server = try TestServer { $0.loops = 1 }
        let last = try server.publish("builds", ["1"]).last
        let socket = try TestSocket(port: server.port)
        socket.write(Self.get("\(Self.publish)?after=\(last)&wait=60"))
        while try server.figure("reprise_topics_followed") < 1 { _ = try server.ask("GET", "/healthz") }
        try server.publish("builds", ["2"])
        var bytes: [UInt8] = []
        while !String(decoding: bytes, as: UTF8.self).contains(#""type":"end""#), let more = try socket.read() { bytes += more }
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""event":2"#))
        #expect(try server.ask("GET", "/healthz").status == 200)
        #expect(try server.figure("reprise_topics_followed") == 0)
        #expect(try server.figure("reprise_pages_waiting") == 0)
    }

    @Test func `a batch over the limit is refused whole`() throws {
        let server = try TestServer()
        let body = String(repeating: "1\n", count: 10_001)
        let answer = try server.ask("POST", Self.publish, headers: [("content-type", "application/x-ndjson")], body: body)
        #expect(answer.status == 413)
        #expect(try server.page("\(Self.publish)?after=earliest").events.isEmpty)
    }

    @Test func `a batch with a bad line stores nothing`() throws {
        let server = try TestServer()
        let answer = try server.ask("POST", Self.publish, headers: [("content-type", "application/x-ndjson")], body: "1\n2\nnope\n")
        #expect(answer.status == 400)
        #expect(try server.page("\(Self.publish)?after=earliest").events.isEmpty)
    }

    @Test func `another method is told which ones there are`() throws {
        let server = try TestServer()
        #expect(try server.ask("PUT", "/v1/sessions").head.headers["allow"] == "GET, POST, HEAD")
        #expect(try server.ask("DELETE", "/healthz").head.headers["allow"] == "GET, HEAD")
    }

    @Test func `a HEAD is a GET without its body`() throws {
        let server = try TestServer()
        for target in ["/", "/healthz", "/v1/sessions", "/v1/topics/x/events?after=earliest"] {
            let get = try server.ask("GET", target)
            let head = try server.ask("HEAD", target)
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.head.headers["content-length"] == get.head.headers["content-length"], "\(target)")
        }
    }

    @Test func `requests on one connection are answered in order`() throws {
        let server = try TestServer()
        var text = ""
        for number in 1...50 { text += Self.post(Self.publish, "\(number)") }
        let exchange = try RawExchange(server.port, text, method: "POST", answers: 50)
        let offsets = try exchange.answers.map { try JSON.parse($0.body)["first"]?.string.flatMap { Position($0) }?.offset }
        #expect(offsets == (1...50).map { UInt64($0) })
    }

    @Test func `thousands of bad requests at once do not deepen the stack`() throws {
        let server = try TestServer()
        let exchange = try RawExchange(
            server.port, String(repeating: "GET /v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 5000), answers: 5000)
        #expect(exchange.answers.count == 5000)
        #expect(exchange.answers.allSatisfy { $0.head.status == 401 })
    }

    @Test func `a body is asked for where the client waits to be`() throws {
        let server = try TestServer()
        let socket = try TestSocket(port: server.port)
        socket.write("POST \(Self.publish) HTTP/1.1\r\n\(Self.lines)Expect: 100-continue\r\nContent-Length: 1\r\n\r\n")
        #expect(String(decoding: try #require(try socket.read()), as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
        socket.write("1")
        #expect(String(decoding: try #require(try socket.read()), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
    }

    @Test func `more connections than there is room for are closed, and those that are there are served`() throws {
        let server = try TestServer {
            $0.connections = 2
            $0.loops = 1
        }
        let first = try RawExchange(server.port, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        var more = try (0..<3).map { _ in try TestSocket(port: server.port) }
        #expect(first.status == 200)
        #expect(try more.removeLast().read() == nil, "closed")
        #expect(try more.removeLast().read() == nil, "closed")
        more[0].write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(String(decoding: try #require(try more[0].read()), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
        #expect(server.counters.readings().first { $0.name == "reprise_connections_turned_away_total" }?.value == 2)
    }

    @Test func `no body is asked for that would be refused`() throws {
        let server = try TestServer()
        let socket = try TestSocket(port: server.port)
        socket.write("POST \(Self.publish) HTTP/1.1\r\n\(Self.lines)Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")
        #expect(String(decoding: try #require(try socket.read()), as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
    }

    @Test func `a head that comes too slowly is given up`() throws {
        let server = try TestServer { $0.headTimeout = .milliseconds(50) }
        var exchange = try RawExchange(server.port, "GET / HTTP/1.1\r\nHost: loc")
        #expect(exchange.status == 408)
        try exchange.readToEnd()
        #expect(exchange.hasEnded)
    }

    @Test func `a body that stops coming is given up`() throws {
        let server = try TestServer { $0.bodyTimeout = .milliseconds(50) }
        let exchange = try RawExchange(
            server.port, "POST \(Self.publish) HTTP/1.1\r\n\(Self.lines)Content-Length: 10\r\n\r\n12", method: "POST")
        #expect(exchange.status == 408)
    }

    @Test func `a body that comes byte by byte is given up as well`() throws {
        let server = try TestServer { $0.bodyTimeout = .milliseconds(100) }
        let socket = try TestSocket(port: server.port)
        socket.write("POST \(Self.publish) HTTP/1.1\r\n\(Self.lines)Content-Length: 100000\r\n\r\n")
        var answer: [UInt8]?
        for _ in 0..<10_000 where answer == nil {
            socket.write("1")
            do { answer = try socket.read(within: .milliseconds(5)) ?? [] } catch TestSocket.Failure.timedOut {}
        }
        #expect(String(decoding: answer ?? [], as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `a connection that says nothing is closed`() throws {
        let server = try TestServer { ($0.headTimeout, $0.keepAliveTimeout) = (.milliseconds(50), .milliseconds(50)) }
        #expect(try RawExchange(server.port, "").hasEnded)
        var used = try RawExchange(server.port, Self.get("/healthz"))
        #expect(used.status == 200)
        try used.readToEnd()
    }
}
