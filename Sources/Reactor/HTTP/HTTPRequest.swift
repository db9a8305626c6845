// A request as the client takes it: whole, in memory.

import Wire

public struct HTTPRequest: Sendable, Equatable {
    public var method: String
    /// Path and query.
    public var target: String
    /// `Host` and `Content-Length` are added where they are missing.
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(method: String = "GET", target: String, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}
