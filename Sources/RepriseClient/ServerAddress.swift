// `http://HOST:PORT/PREFIX` taken apart.

/// Where a server is.
struct ServerAddress: Sendable, Equatable {
    let host: String
    let port: UInt16
    /// In front of every path, without a slash at its end.
    let prefix: String

    init?(_ url: String) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "#" && $0 != "?" }
        var path = rest[authority.endIndex...].prefix { $0 != "#" && $0 != "?" }
        while path.hasSuffix("/") { path = path.dropLast() }
        prefix = String(path)
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            let tail = authority[authority.index(after: end)...]
            guard let port = Self.port(tail) else { return nil }
            self.port = port
        } else {
            let host = authority.prefix { $0 != ":" }
            guard !host.isEmpty, let port = Self.port(authority[host.endIndex...]) else { return nil }
            self.host = String(host)
            self.port = port
        }
    }

    private static func port(_ text: Substring) -> UInt16? { text.isEmpty ? 80 : text.hasPrefix(":") ? UInt16(text.dropFirst()) : nil }

    /// For the Host header.
    var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
}
