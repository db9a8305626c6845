import Foundation
import Reactor
import Server
import TestSupport
import Testing
import Wire

/// Nobody gets in by accident.
@Suite(.ownThread) struct AccessTests {
    private func status(
        _ server: TestServer, _ method: String = "GET", target: String = "/v1/sessions", host: String? = nil, headers: [(String, String)]
    ) throws -> Int {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(server.port)")\r\nConnection: close\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return try #require(try RawExchange(server.port, text + "\r\n", method: method).status)
    }

    @Test func `everything but the page and the probes wants the token`() throws {
        let server = try TestServer()
        for target in ["/", "/healthz", "/readyz"] { #expect(try status(server, target: target, headers: []) == 200) }
        for target in ["/v1/sessions", "/v1/topics", "/metrics", "/v1/topics/x/events", "/v1/sessions/ses_1", "/v1/nothing"] {
            #expect(try status(server, target: target, headers: []) == 401, "\(target)")
        }
        #expect(try status(server, headers: [TestServer.authorization]) == 200)
    }

    static let wrong = [
        "Bearer", "Bearer ", "Bearer x", "Basic \(TestServer.token)", TestServer.token, "Bearer \(TestServer.token)x",
        "Bearer \(TestServer.token.dropLast())", "Bearer \(TestServer.token.uppercased())", "Bearer \(TestServer.token) x",
    ]

    @Test(arguments: wrong) func `a wrong token is no token`(field: String) throws {
        let server = try TestServer()
        #expect(try status(server, headers: [("Authorization", field)]) == 401)
    }

    @Test func `each request on a connection is judged for itself`() throws {
        let server = try TestServer()
        func get(_ target: String = "/v1/sessions", host: String = "localhost", _ authorization: String? = "Bearer \(TestServer.token)")
            -> String
        {
            "GET \(target) HTTP/1.1\r\nHost: \(host)\r\n" + (authorization.map { "Authorization: \($0)\r\n" } ?? "") + "\r\n"
        }
        let steps: [(request: String, status: Int)] = [
            (get(), 200), (get(), 200), (get("/v1/sessions", nil), 401), (get("/v1/sessions", nil), 401), (get(), 200),
            (get("/v1/sessions", "Bearer wrong"), 401), (get("/v1/sessions", "Bearer wrong"), 401),
            (get(), 200), (get(host: "evil.example"), 421), (get(host: "evil.example"), 421), (get(), 200), (get("/v1/nothing"), 404),
            (get("/v1/nothing"), 404), (get(), 200), (get() + get("/v1/sessions", nil), 401), (get("/v1/topics"), 200),
        ]
        var exchange = try RawExchange(server.port, get())
        for step in steps {
            let count = step.request.components(separatedBy: "GET ").count - 1
            try exchange.send(step.request, answers: count)
            #expect(exchange.answers.last?.head.status == step.status, "\(step.request)")
        }
    }

    @Test func `the token is not taken from the URL or a cookie`() throws {
        let server = try TestServer()
        #expect(try status(server, target: "/v1/sessions?token=\(TestServer.token)", headers: []) == 401)
        #expect(try status(server, headers: [("Cookie", "token=\(TestServer.token)")]) == 401)
    }

    @Test func `a refusal says how to ask, and the log never says the token`() throws {
        let server = try TestServer()
        let answer = try PlainExchange.ask(server.port, "GET", "/v1/sessions", headers: [("authorization", "Bearer secret-of-somebody")])
        #expect(answer.head.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
        _ = try server.ask("GET", "/v1/sessions")
        #expect(!server.logged.text.contains("secret-of-somebody"))
        #expect(!server.logged.text.contains(TestServer.token))
        #expect(!answer.text.contains("secret-of-somebody"))
    }

    @Test func `a WebSocket may offer the token as a subprotocol, and is given the other one`() throws {
        let server = try TestServer()
        let target = "/v1/topics/x/websocket"
        let good = try server.webSocket(target, headers: [("sec-websocket-protocol", "reprise.v1, reprise.token.\(TestServer.token)")])
        #expect(good.head.status == 101)
        #expect(good.head.headers["sec-websocket-protocol"] == "reprise.v1")
        #expect(
            try server.webSocket(target, headers: [("sec-websocket-protocol", "reprise.v1, reprise.token.nonsense")]).head.status == 401)
        #expect(try server.webSocket(target, headers: [("sec-websocket-protocol", "reprise.v1")]).head.status == 401)
    }

    @Test(arguments: ["evil.example", "evil.example:4100", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]", "192.168.1.1"])
    func `a host that is not ours is refused even with the token`(host: String) throws {
        let server = try TestServer()
        #expect(try status(server, host: host, headers: [TestServer.authorization]) == 421)
        #expect(try status(server, target: "/", host: host, headers: []) == 421)
    }

    @Test(arguments: ["localhost", "LOCALHOST:9", "127.0.0.1", "[::1]:4100"]) func `loopback's names are ours`(host: String) throws {
        let server = try TestServer()
        #expect(try status(server, host: host, headers: [TestServer.authorization]) == 200)
    }

    @Test(arguments: ["https://evil.example", "null", "http://localhost.evil.example", "https://127.0.0.1", "http://127.0.0.1:1"])
    func `a foreign origin is refused even with the token`(origin: String) throws {
        let server = try TestServer()
        for target in ["/v1/sessions", "/", "/healthz"] {
            #expect(try status(server, target: target, headers: [TestServer.authorization, ("Origin", origin)]) == 403, "\(target)")
        }
        #expect(
            try server.webSocket("/v1/topics/x/websocket", headers: [TestServer.authorization, ("origin", origin)]).head.status == 403)
    }

    @Test func `the page's own origin is let in, and nobody gets a CORS field`() throws {
        let server = try TestServer()
        let own = "http://127.0.0.1:\(server.port)"
        let answer = try server.ask("GET", "/v1/sessions", headers: [("origin", own)])
        #expect(answer.status == 200)
        #expect(answer.head.headers["access-control-allow-origin"] == nil)
        #expect(try status(server, "OPTIONS", headers: [TestServer.authorization, ("Origin", own)]) == 405)
    }

    @Test func `a public URL names one more host and origin, and its prefix is taken off`() throws {
        let server = try TestServer { $0.publicURLs = [PublicURL("https://relay.example/agents/")].compactMap(\.self) }
        let headers = [TestServer.authorization, ("Origin", "https://relay.example")]
        #expect(try status(server, target: "/agents/v1/sessions", host: "relay.example", headers: headers) == 200)
        #expect(try status(server, target: "/agents/", host: "relay.example", headers: []) == 200)
        // A browser that was given the prefix alone would look for the page's files beside it.
        let folder = try PlainExchange.ask(server.port, "GET", "/agents")
        #expect((folder.status, folder.head.headers["location"]) == (308, "/agents/"))
        #expect(try status(server, host: "other.example", headers: headers) == 421)
        #expect(
            try status(server, host: "relay.example", headers: [TestServer.authorization, ("Origin", "http://relay.example")]) == 200)
        #expect(
            try status(server, host: "relay.example", headers: [TestServer.authorization, ("Origin", "https://other.example")]) == 403)
    }

    @Test func `the page forbids what it does not need`() throws {
        let server = try TestServer()
        let headers = try PlainExchange.ask(server.port, "GET", "/").head.headers
        #expect(headers["content-security-policy"]?.contains("default-src 'none'") == true)
        #expect(headers["content-security-policy"]?.contains("frame-ancestors 'none'") == true)
        #expect(headers["x-content-type-options"] == "nosniff")
        #expect(headers["referrer-policy"] == "no-referrer")
    }
}
