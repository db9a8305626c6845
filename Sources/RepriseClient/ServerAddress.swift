// `http://HOST:PORT/PREFIX` taken apart.

/// Where a server is.
struct ServerAddress: Sendable, Equatable {
    let host: String
    let port: UInt16
    /// In front of every path, without a slash at its end.
    let prefix: String

    /// Nil for what is no such URL. Nothing passes that could not stand in a request's first line or in its Host header (RFC 3986 §3.2, §3.3).
    init?(_ url: String) {
        guard url.hasPrefix("http://"), url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let rest = url.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "#" && $0 != "?" }
        guard let end = Self.hostEnd(authority), let port = Self.port(authority[end...]) else { return nil }
        self.port = port
        host = authority[..<end].filter { $0 != "[" && $0 != "]" }
        var path = rest[authority.endIndex...].prefix { $0 != "#" && $0 != "?" }
        while path.hasSuffix("/") { path = path.dropLast() }
        prefix = String(path)
    }

    /// Where the port begins; nil when what stands before it is no host.
    private static func hostEnd(_ authority: Substring) -> Substring.Index? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let address = authority[..<end].dropFirst()
            guard address.contains(":"), address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
            return authority.index(after: end)
        }
        let name = authority.prefix { $0 != ":" }
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "-._~".contains($0) }) else { return nil }
        return name.endIndex
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard let colon = text.first else { return 80 }
        let digits = text.dropFirst()
        return colon == ":" && digits.allSatisfy(\.isNumber) ? UInt16(digits) : nil
    }

    /// For the Host header.
    var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
}
