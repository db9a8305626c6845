// The address of an OpenCode server and what it takes to be let in. Only http: OpenCode listens on loopback, and what stands in front of it
// elsewhere is not ours.

import Foundation

/// Host, port, path and credentials of an OpenCode.
public struct UpstreamEndpoint: Sendable, Equatable, CustomStringConvertible {
    public var host: String
    public var port: UInt16
    /// Without a slash at its end; empty for a server of its own.
    public var basePath: String
    /// The value of the `Authorization` header.
    public var authorization: String?

    public init(host: String, port: UInt16, basePath: String = "", authorization: String? = nil) {
        self.host = host
        self.port = port
        self.basePath = basePath
        self.authorization = authorization
    }

    /// Without credentials.
    public var description: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)\(basePath)" }

    /// `http://[user[:password]@]host[:port][/path]`. What the URL does not say comes from the environment: user `opencode` or
    /// `OPENCODE_SERVER_USERNAME`, password `OPENCODE_PASSWORD`, else `OPENCODE_SERVER_PASSWORD`.
    public init(url text: String, environment: [String: String]) throws(OpenCodeLocationError) {
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(), let host = url.host, !host.isEmpty
        else { throw OpenCodeLocationError("--opencode: this is not a URL such as http://127.0.0.1:4096") }
        guard scheme == "http" else { throw OpenCodeLocationError("--opencode: only http is spoken here, not \(scheme)") }
        guard url.query == nil, url.fragment == nil else { throw OpenCodeLocationError("--opencode: the URL has a query or a fragment") }
        guard let port = UInt16(exactly: url.port ?? 80), port > 0 else {
            throw OpenCodeLocationError("--opencode: the URL's port is out of range")
        }
        var path = url.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        self.init(host: host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")), port: port, basePath: path)
        authorization = Self.authorization(user: url.user, password: url.password, environment: environment)
    }

    private static func authorization(user: String?, password: String?, environment: [String: String]) -> String? {
        func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let password = password ?? given("OPENCODE_PASSWORD") ?? given("OPENCODE_SERVER_PASSWORD") else { return nil }
        return basic(user: user ?? given("OPENCODE_SERVER_USERNAME") ?? "opencode", password: password)
    }

    /// RFC 7617.
    public static func basic(user: String, password: String) -> String { "Basic " + Data("\(user):\(password)".utf8).base64EncodedString() }
}
