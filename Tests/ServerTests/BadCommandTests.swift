import Reactor
import RelayProtocol
import TestSupport
import Testing
import Wire

@testable import Sessions

/// Bodies that are no command, on every route that takes one: each is answered with its problem, and nothing is stored.
@Suite(.ownThread) struct BadCommandTests {
    private static let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)

    static let bodies: [(name: String, bytes: [UInt8], code: String)] = [
        ("deep", Array(deep.utf8), "invalid_json"),
        (
            "a deep object", Array((String(repeating: #"{"id":"#, count: 1000) + "1" + String(repeating: "}", count: 1000)).utf8),
            "invalid_json"
        ),
        ("deep where nobody looks", Array(#"{"id":"c1","later":\#(deep)}"#.utf8), "invalid_json"),
        ("not UTF-8", Array(#"{"id":"c1","content":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8), "invalid_json"),
        ("half a character", Array(#"{"id":"c1","content":""#.utf8) + [0xE2, 0x82] + Array(#""}"#.utf8), "invalid_json"),
        ("an overlong character", Array(#"{"id":"c1","content":""#.utf8) + [0xC0, 0x80] + Array(#""}"#.utf8), "invalid_json"),
        ("a NUL in a string", Array("{\"id\":\"c1\",\"content\":\"\u{0}\"}".utf8), "invalid_json"),
        ("a NUL behind", Array("{\"id\":\"c1\"}\u{0}".utf8), "invalid_json"),
        ("nothing but a NUL", [0], "invalid_json"),
        ("an id with a NUL", Array(#"{"id":"c\u0000"}"#.utf8), "invalid_command_id"),
        ("two objects", Array(#"{"id":"c1"}{}"#.utf8), "invalid_json"),
        ("half an object", Array(#"{"id":"c1""#.utf8), "invalid_json"),
        ("a list", Array(#"[{"id":"c1"}]"#.utf8), "bad_request"), ("a string", Array(#""c1""#.utf8), "bad_request"),
        ("a number", Array("1".utf8), "bad_request"), ("null", Array("null".utf8), "bad_request"),
    ]

    @Test(arguments: [
        "/v1/sessions", "/v1/sessions/ses_1/chat", "/v1/sessions/ses_1/stop", "/v1/sessions/ses_1/permissions/per_1",
        "/v1/sessions/ses_1/questions/que_1",
    ])
    func `a body that is no command is refused, and nothing is stored`(route: String) throws {
        let server = try TestServer(isConnected: true)
        try server.append([SampleEvents.session("ses_1")], to: "ses_1")
        for body in Self.bodies {
            let head =
                "POST \(route) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(TestServer.token)\r\nContent-Length: \(body.bytes.count)\r\n\r\n"
            let exchange = try RawExchange(server.port, Array(head.utf8) + body.bytes, method: "POST")
            #expect(exchange.status == 400 && exchange.code == body.code, "\(body.name): \(exchange.status ?? 0) \(exchange.code ?? "")")
            #expect(exchange.answers.first?.head.headers["content-type"] == "application/problem+json", "\(body.name)")
        }
        #expect(try commands(server) == 0)
        // What is one is taken by the same server.
        #expect(try server.ask("POST", "/v1/sessions/ses_1/chat", body: #"{"id":"c1","content":"x"}"#).status == 202)
        #expect(try commands(server) == 1)
    }

    private func commands(_ server: TestServer) throws -> Int {
        let count = BlockingQueue<Int>()
        server.log.read {
            try $0.transaction { try CommandTable(database: $0.database).undecided().count }
        } _: {
            count.post(always: (try? $0.get()) ?? -1)
        }
        return try #require(count.take())
    }
}
