// What a request asks for: its line and its fields. The target stays as it came; what routes need of it is read here.

public struct HTTPRequestHead: Sendable, Equatable {
    public var method: String
    /// As on the wire: `/path?query`, `http://host/path?query` (RFC 9112, 3.2.2), or `*`.
    public var target: String
    /// 1 in HTTP/1.1; what a peer calls HTTP/1.9 counts as that.
    public var minorVersion: Int
    public var headers: HTTPHeaders

    public init(method: String = "GET", target: String, minorVersion: Int = 1, headers: HTTPHeaders = [:]) {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.headers = headers
    }

    /// Whether the connection may carry another request after this one (RFC 9112, 9.3).
    public var keepAlive: Bool {
        if headers.list("Connection", contains: "close") { return false }
        return minorVersion >= 1 || headers.list("Connection", contains: "keep-alive")
    }

    /// Whether the peer waits for `100 Continue` before it sends the body (RFC 9110, 10.1.1).
    public var expectsContinue: Bool {
        minorVersion >= 1 && headers.list("Expect", contains: "100-continue")
    }

    /// Whether the request asks to go on in that protocol (RFC 9110, 7.8).
    public func isUpgrade(to name: String) -> Bool {
        minorVersion >= 1 && headers.list("Connection", contains: "upgrade") && headers.list("Upgrade", contains: name)
    }
}
