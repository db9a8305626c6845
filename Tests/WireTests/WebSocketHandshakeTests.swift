// The opening handshake from both sides, against the example of RFC 6455 and everything that must be refused.

import Testing
import Wire

@Suite struct WebSocketHandshakeTests {
    private let nonce = Array("the sample nonce".utf8)

    private func request(changing name: String, to value: String?) -> HTTPRequestHead {
        var head = WebSocketHandshake.request(target: "/chat", host: "a", nonce: nonce)
        head.headers[name] = value
        return head
    }

    @Test func `answers the example of RFC 6455`() throws {
        let head = WebSocketHandshake.request(
            target: "/chat", host: "server.example.com", nonce: nonce, subprotocols: ["chat", "superchat"])
        #expect(head.headers["Sec-WebSocket-Key"] == "dGhlIHNhbXBsZSBub25jZQ==")
        let offer = try WebSocketHandshake.offer(in: head)
        #expect(offer.acceptKey == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(offer.subprotocols == ["chat", "superchat"])
        let response = offer.response(subprotocol: "chat")
        #expect(response.status == 101)
        #expect(try WebSocketHandshake.check(response, nonce: nonce, subprotocols: ["chat", "superchat"]) == "chat")
    }

    @Test func `prefers what the server prefers among what the client offers`() throws {
        let offer = try WebSocketHandshake.offer(
            in: WebSocketHandshake.request(target: "/", host: "a", nonce: nonce, subprotocols: ["reprise.token.x", "reprise.v1"]))
        #expect(offer.choose(from: ["reprise.v2", "reprise.v1"]) == "reprise.v1")
        #expect(offer.choose(from: ["other"]) == nil)
        #expect(try WebSocketHandshake.check(offer.response(), nonce: nonce, subprotocols: ["reprise.v1"]) == nil)
    }

    @Test(
        arguments: [
            ("Upgrade", "h2c", 426), ("Upgrade", nil, 426), ("Connection", "keep-alive", 426), ("Connection", nil, 426),
            ("Sec-WebSocket-Version", "8", 426), ("Sec-WebSocket-Version", nil, 426), ("Sec-WebSocket-Version", "13, 8", 426),
            ("Sec-WebSocket-Key", nil, 400), ("Sec-WebSocket-Key", "c2hvcnQ=", 400), ("Sec-WebSocket-Key", "not base64 at all", 400),
            ("Content-Length", "5", 400), ("Sec-WebSocket-Protocol", "a, b c", 400),
        ] as [(String, String?, Int)])
    func `refuses a bad handshake`(name: String, value: String?, status: Int) {
        let refusal = #expect(throws: HTTPRefusal.self) { try WebSocketHandshake.offer(in: request(changing: name, to: value)) }
        #expect(refusal?.status == status)
        #expect((refusal?.headers["Sec-WebSocket-Version"] == "13") == (status == 426))
    }

    @Test func `opens nothing by POST`() {
        var head = request(changing: "X", to: nil)
        head.method = "POST"
        #expect(throws: HTTPRefusal.self) { try WebSocketHandshake.offer(in: head) }
    }

    @Test func `accepts a Connection list and any case`() throws {
        var head = request(changing: "Connection", to: "keep-alive, UPGRADE")
        head.headers["Upgrade"] = "WebSocket"
        #expect(try WebSocketHandshake.offer(in: head).subprotocols.isEmpty)
    }

    @Test(
        arguments: [
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOp=", .acceptKey), ("Sec-WebSocket-Accept", nil, .acceptKey),
            ("Upgrade", nil, .notUpgraded), ("Connection", "close", .notUpgraded),
            ("Sec-WebSocket-Extensions", "permessage-deflate", .extensions), ("Sec-WebSocket-Protocol", "other", .subprotocol),
        ] as [(String, String?, WebSocketHandshakeFailure)])
    func `does not trust a bad answer`(name: String, value: String?, failure: WebSocketHandshakeFailure) throws {
        var response = try WebSocketHandshake.offer(in: request(changing: "X", to: nil)).response()
        response.headers[name] = value
        #expect(throws: failure) { try WebSocketHandshake.check(response, nonce: nonce, subprotocols: ["reprise.v1"]) }
    }

    @Test func `gives the status of an answer that is not 101`() {
        #expect(throws: WebSocketHandshakeFailure.status(401)) {
            try WebSocketHandshake.check(HTTPResponseHead(status: 401), nonce: nonce)
        }
    }
}
