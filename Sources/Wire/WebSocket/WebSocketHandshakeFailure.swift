// Why an answer does not open a WebSocket.

public enum WebSocketHandshakeFailure: Error, Sendable, Equatable {
    /// The server answered with another status than 101; its body is worth reading.
    case status(Int)
    case notUpgraded
    case acceptKey
    /// It selected an extension; none was offered.
    case extensions
    /// It selected a subprotocol that was not offered.
    case subprotocol
}
