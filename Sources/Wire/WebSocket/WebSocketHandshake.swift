// The opening handshake (RFC 6455, 4). The server's side: a request is an offer, or refused. The client's side: a request
// from a nonce, and the check of what came back. Extensions are neither offered nor accepted.
// Origin, Host and tokens are the owner's to check.

public enum WebSocketHandshake {
    /// What a request offers.
    public static func offer(in head: HTTPRequestHead) throws(HTTPRefusal) -> WebSocketOffer {
        guard head.isUpgrade(to: "websocket") else { throw upgradeRequired("this is a WebSocket") }
        guard head.method == "GET" else { throw .badRequest("a WebSocket is opened by GET") }
        guard head.headers.all("Sec-WebSocket-Version") == ["13"] else { throw upgradeRequired("only version 13 is spoken here") }
        let keys = head.headers.all("Sec-WebSocket-Key")
        guard keys.count == 1, Base64.decode(keys[0])?.count == 16 else { throw .badRequest("Sec-WebSocket-Key is not 16 bytes in base64") }
        guard try HTTPBodyFraming.ofRequest(head) == .length(0) else { throw .badRequest("a handshake has no body") }
        let subprotocols = head.headers.list("Sec-WebSocket-Protocol")
        guard subprotocols.allSatisfy({ $0.utf8.allSatisfy(\.isTokenCharacter) }) else { throw .badRequest("a subprotocol is not a token") }
        return WebSocketOffer(acceptKey: acceptKey(for: keys[0]), subprotocols: subprotocols)
    }

    /// The request that opens a WebSocket.
    /// - Parameters:
    ///   - nonce: sixteen random bytes, new for each handshake.
    ///   - headers: more fields, such as `Authorization`.
    public static func request(
        target: String, host: String, nonce: [UInt8], subprotocols: [String] = [], headers: HTTPHeaders = [:]
    ) -> HTTPRequestHead {
        precondition(nonce.count == 16, "a nonce has sixteen bytes")
        var head = HTTPRequestHead(
            target: target,
            headers: [
                "Host": host, "Upgrade": "websocket", "Connection": "Upgrade",
                "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": Base64.encode(nonce),
            ])
        if !subprotocols.isEmpty { head.headers.add("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", ")) }
        for field in headers { head.headers.add(field.name, field.value) }
        return head
    }

    /// Checks the answer to `request` and gives the subprotocol that the server selected.
    public static func check(
        _ response: HTTPResponseHead, nonce: [UInt8], subprotocols: [String] = []
    ) throws(WebSocketHandshakeFailure) -> String? {
        guard response.status == 101 else { throw .status(response.status) }
        guard response.headers.list("Upgrade", contains: "websocket"), response.headers.list("Connection", contains: "upgrade")
        else { throw .notUpgraded }
        guard response.headers.all("Sec-WebSocket-Accept") == [acceptKey(for: Base64.encode(nonce))] else { throw .acceptKey }
        guard response.headers["Sec-WebSocket-Extensions"] == nil else { throw .extensions }
        let selected = response.headers.all("Sec-WebSocket-Protocol")
        guard selected.count <= 1, selected.allSatisfy(subprotocols.contains) else { throw .subprotocol }
        return selected.first
    }

    static func acceptKey(for key: String) -> String {
        Base64.encode(SHA1.hash(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
    }

    private static func upgradeRequired(_ detail: String) -> HTTPRefusal {
        HTTPRefusal(
            status: 426, code: "upgrade_required", detail: detail,
            headers: ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"])
    }
}
