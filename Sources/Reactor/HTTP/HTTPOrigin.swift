// The server that a client talks to. Plain HTTP: whoever needs TLS puts a proxy in between.

public struct HTTPOrigin: Sendable, Hashable {
    /// A name or a literal address, an IPv6 one without brackets.
    public var host: String
    public var port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        self.port = port
    }

    /// What the Host field says: without the port where it is HTTP's own (RFC 9110, 7.2).
    public var authority: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? host : "\(host):\(port)"
    }
}
