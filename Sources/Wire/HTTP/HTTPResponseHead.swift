// What a response says before its body.

public struct HTTPResponseHead: Sendable, Equatable {
    public var status: Int
    public var reason: String
    public var minorVersion: Int
    public var headers: HTTPHeaders

    /// - Parameter reason: the standard phrase where it is nil.
    public init(status: Int, reason: String? = nil, minorVersion: Int = 1, headers: HTTPHeaders = [:]) {
        self.status = status
        self.reason = reason ?? HTTPReason.phrase(for: status)
        self.minorVersion = minorVersion
        self.headers = headers
    }

    /// Whether the server will take another request on this connection, as far as the head says.
    public var keepAlive: Bool {
        if headers.list("Connection", contains: "close") { return false }
        return minorVersion >= 1 || headers.list("Connection", contains: "keep-alive")
    }
}
