// A client masks what it sends, a server does not (RFC 6455, 5.1).

public enum WebSocketRole: Sendable, Equatable {
    case server
    case client
}
