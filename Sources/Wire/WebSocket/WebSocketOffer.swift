// What a client's handshake asks for, once it has been found valid.

public struct WebSocketOffer: Sendable, Equatable {
    /// The value of `Sec-WebSocket-Accept`.
    public let acceptKey: String
    /// The subprotocols offered, in the client's order of preference.
    public let subprotocols: [String]

    /// The first of `supported` that the client offers; nil if there is none.
    public func choose(from supported: [String]) -> String? {
        supported.first(where: subprotocols.contains)
    }

    /// The answer that opens the WebSocket.
    /// - Parameter subprotocol: one of those offered, or nil for none.
    public func response(subprotocol: String? = nil) -> HTTPResponseHead {
        precondition(subprotocol.map(subprotocols.contains) ?? true, "only an offered subprotocol can be selected")
        var headers: HTTPHeaders = ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": acceptKey]
        if let subprotocol { headers.add("Sec-WebSocket-Protocol", subprotocol) }
        return HTTPResponseHead(status: 101, headers: headers)
    }
}
