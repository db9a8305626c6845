import RelayProtocol
import Server
import TestSupport
import Testing
import Wire

/// The tables of protocol/PROTOCOL.md are what the server does.
@Suite(.ownThread) struct ProtocolTextTests {
    private static let text = try? ProtocolText()

    // Errors.

    /// Not to be had by one request to a server of this kind: made by others of these tests, by OpenCode, or by a disk.
    private static let elsewhere: Set<String> = [
        "session_busy", "session_gone", "stopped", "command_conflict", "idempotency_conflict", "upstream_refused", "uncertain",
        "overloaded",
        "draining",
        "storage_failed", "read_failed", "internal", "request_timeout",
    ]

    @Test func `each error is answered as its table says`() throws {
        let server = try TestServer()
        try server.append([SampleEvents.session("ses_1")], to: "ses_1")
        var bodies = try RequestTests.wrong.map { try #require(try RawExchange(server.port, $0.bytes, method: "POST").answers.first?.body) }
        bodies.append(try PlainExchange.ask(server.port, "GET", "/v1/sessions").body)
        bodies.append(try server.ask("GET", "/", headers: [("origin", "http://evil.example")]).body)
        bodies.append(try RawExchange(server.port, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").answers[0].body)
        bodies.append(try server.ask("POST", "/v1/sessions/ses_1/chat", body: #"{"content":"x"}"#).body)
        bodies.append(try server.ask("POST", "/v1/sessions/ses_1/questions/q", body: #"{"reject":true}"#).body)
        let rows = Dictionary(uniqueKeysWithValues: try #require(Self.text).rows("Errors").map { ($0[0], $0) })
        var seen: Set<String> = []
        for body in bodies {
            let problem = try JSON.parse(body)
            let code = try #require(problem["code"]?.string)
            seen.insert(code)
            let row = try #require(rows["`\(code)`"], "\(code)")
            #expect(problem["status"]?.int.map(String.init) == row[1] && problem["title"]?.string == row[2], "\(code)")
            #expect(problem["type"]?.string == "urn:reprise:problem:\(code)")
        }
        #expect(Set(rows.keys.map { $0.filter { $0 != "`" } }) == seen.union(Self.elsewhere))
        #expect(seen.isDisjoint(with: Self.elsewhere))
    }

    // Limits.

    /// What is asked with something of this size, and the code of the problem that answers: at the bound, and over it.
    struct Probe: CustomTestStringConvertible, Sendable {
        let row: String
        let at: String?
        let over: String
        let ask: @Sendable (TestServer, Int) throws -> PlainExchange
        var testDescription: String { row }

        init(_ row: String, at: String? = nil, over: String, _ ask: @escaping @Sendable (TestServer, Int) throws -> PlainExchange) {
            (self.row, self.at, self.over, self.ask) = (row, at, over, ask)
        }
    }

    private static let publish = "/v1/topics/builds/events"
    private static func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    static let probes: [Probe] = [
        Probe("an event's payload", over: "payload_too_large") { try $0.ask("POST", publish, body: "\"\(text($1 - 2))\"") },
        Probe("nesting", over: "invalid_json") {
            try $0.ask("POST", publish, body: String(repeating: "[", count: $1) + String(repeating: "]", count: $1))
        },
        Probe("a request line", over: "uri_too_long") { try $0.ask("GET", "/healthz?" + text($1 - "GET /healthz? HTTP/1.1".utf8.count)) },
        Probe("the body of a prompt", over: "payload_too_large") {
            try $0.ask(
                "POST", publish, headers: [("content-type", "application/x-ndjson")], body: "1" + String(repeating: "\n", count: $1 - 1))
        },
        Probe("the body of another", at: "unknown_session", over: "payload_too_large") {
            try $0.ask("POST", "/v1/sessions/ses_none/stop", body: "{}" + String(repeating: " ", count: $1 - 2))
        },
        Probe("events of one publish", over: "payload_too_large") {
            try $0.ask("POST", publish, headers: [("content-type", "application/x-ndjson")], body: String(repeating: "1\n", count: $1))
        },
        Probe("`Idempotency-Key`", over: "bad_request") {
            try $0.ask("POST", publish, headers: [("idempotency-key", text($1))], body: "1")
        },
        Probe("a topic's name", over: "invalid_topic") { try $0.ask("GET", "/v1/topics/\(text($1))/events") },
        Probe("a command's id", at: "unknown_session", over: "invalid_command_id") {
            try $0.ask("POST", "/v1/sessions/ses_none/stop", body: #"{"id":"\#(text($1))"}"#)
        },
        Probe("ids in a path", at: "already_answered", over: "not_found") {
            try $0.ask("POST", "/v1/sessions/ses_1/permissions/\(text($1))", body: #"{"reply":"once"}"#)
        },
        Probe("a title", at: "upstream_unavailable", over: "bad_request") {
            try $0.ask("POST", "/v1/sessions", body: #"{"title":"\#(text($1))"}"#)
        },
        Probe("a path", at: "directory_outside_roots", over: "bad_request") {
            try $0.ask("POST", "/v1/sessions", body: #"{"directory":"/\#(text($1 - 1))"}"#)
        },
        Probe("names of agents", at: "upstream_unavailable", over: "bad_request") {
            try $0.ask("POST", "/v1/sessions", body: #"{"agent":"\#(text($1))"}"#)
        },
        Probe("parts of a prompt", at: "upstream_unavailable", over: "bad_request") {
            let parts = Array(repeating: #"{"type":"text","text":"x"}"#, count: $1).joined(separator: ",")
            return try $0.ask("POST", "/v1/sessions/ses_1/chat", body: "{\"parts\":[\(parts)]}")
        },
    ]

    @Test(arguments: probes) func `a bound is where its table says`(probe: Probe) throws {
        let server = try TestServer()
        try server.append([SampleEvents.session("ses_1")], to: "ses_1")
        let row = try limit(probe.row)
        let bound = try #require(Self.number(row[1]))
        #expect(try code(probe.ask(server, bound)) == probe.at)
        #expect(try code(probe.ask(server, bound + 1)) == probe.over)
        #expect(row[2].contains("`\(probe.over)`") || probe.over == "not_found" && row[2] == "404")
    }

    @Test func `header fields are bounded in number and size`() throws {
        let server = try TestServer()
        let bound = try limit("header fields")[1]
        let count = try #require(bound.split(separator: " ").dropFirst(2).first.flatMap { Int($0) })
        // Beside Host, Connection and Authorization.
        let fields = Array(repeating: ("x", "y"), count: count - 3)
        #expect(try server.ask("GET", "/healthz", headers: fields).status == 200)
        #expect(try server.ask("GET", "/healthz", headers: fields + [("x", "y")]).status == 431)
        let bytes = try #require(Self.number(bound))
        #expect(try server.ask("GET", "/healthz", headers: [("x", Self.text(bytes - 300))]).status == 200)
        #expect(try server.ask("GET", "/healthz", headers: [("x", Self.text(bytes))]).status == 431)
    }

    @Test func `a message over the bound closes with its code`() throws {
        let server = try TestServer()
        let bound = try #require(Self.number(try limit("a WebSocket message")[1]))
        let socket = try server.webSocket("/v1/topics/builds/websocket")
        _ = try socket.line()
        socket.send(text: #"{"id":"c1","do":"stop"}"# + String(repeating: " ", count: bound - 23))
        #expect(try Line(try socket.line()).type == "reply")
        socket.send(text: #"{"id":"c1","do":"stop"}"# + String(repeating: " ", count: bound - 22))
        #expect(try socket.nextControl() == .close(1009))
    }

    @Test func `a page has as many events, and a list as many rows`() throws {
        let server = try TestServer()
        let (first, most) = try numbers("events of an NDJSON")
        for _ in 0..<2 { try server.publish("builds", Array(repeating: "1", count: most * 3 / 5)) }
        #expect(try server.page("\(Self.publish)?after=earliest").events.count == first)
        #expect(try server.page("\(Self.publish)?after=earliest&limit=99999").events.count == most)
        let (rows, mostRows) = try numbers("rows of a list")
        for number in 0...mostRows { try server.publish("t\(number)", ["1"]) }
        func listed(_ query: String) throws -> Int? {
            try JSON.parse(try server.ask("GET", "/v1/topics\(query)").body)["topics"]?.items.count
        }
        #expect(try listed("") == rows)
        #expect(try listed("?limit=99999") == mostRows)
    }

    @Test func `a page of messages has as many`() throws {
        let server = try TestServer()
        let (first, most) = try numbers("messages of a page")
        try server.append(
            [SampleEvents.session("ses_1")] + (0..<most + 20).map { SampleEvents.message("msg_\($0)", created: $0) }, to: "ses_1")
        func count(_ target: String) throws -> Int? { try JSON.parse(try server.ask("GET", target).body)["messages"]?.items.count }
        #expect(try count("/v1/sessions/ses_1") == first)
        #expect(try count("/v1/sessions/ses_1/messages") == first)
        #expect(try count("/v1/sessions/ses_1/messages?limit=9999") == most)
    }

    @Test func `times are what a server takes when it is told nothing`() throws {
        let server = try TestServer()
        let options = server.options
        let hello = try Line(try server.page("\(Self.publish)?after=earliest")[0])
        #expect(try hello.value["heartbeat_ms"]?.int == seconds("silence of a stream") * 1000)
        #expect(try options.headTimeout == .seconds(seconds("the time for a request's head")))
        #expect(try options.bodyTimeout == .seconds(seconds("the time for a body")))
        #expect(try options.stallTimeout == .seconds(seconds("a reader whose kernel answers and")))
        #expect(try options.silenceTimeout == .seconds(seconds("a reader whose kernel answers nothing")))
    }

    // The table.

    private func code(_ answer: PlainExchange) throws -> String? {
        answer.status < 400 ? nil : try JSON.parse(answer.body)["code"]?.string
    }

    private func limit(_ what: String) throws -> [String] {
        let rows = try #require(Self.text).rows("Limits")
        return try #require(rows.first { $0[0].hasPrefix(what) }, "\(what)")
    }

    private func seconds(_ what: String) throws -> Int { try #require(Self.number(try limit(what)[1])) }

    /// `50 (`limit` ≤ 200)`.
    private func numbers(_ what: String) throws -> (first: Int, most: Int) {
        let bound = try limit(what)[1]
        let parts = bound.split(separator: "≤").map { Self.number($0.trimmingPrefix(" ").prefix { $0.isNumber || $0 == "," }) }
        return (try #require(Self.number(bound.prefix { $0.isNumber || $0 == "," })), try #require(parts.last ?? nil))
    }

    /// `16 MiB`, `1 MiB less 4 KiB`, `10,000`: in bytes, or as it stands.
    private static func number(_ text: some StringProtocol) -> Int? {
        let words = text.split(separator: " ").map { String($0).replacing(",", with: "") }
        guard let first = words.first.flatMap({ Int($0) }) else { return nil }
        let unit = words.count > 1 ? ["KiB": 1 << 10, "MiB": 1 << 20][words[1]] ?? 1 : 1
        guard words.count > 3, words[2] == "less", let less = number(words[3...].joined(separator: " ")) else { return first * unit }
        return first * unit - less
    }
}
