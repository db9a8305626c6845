// The parts of a request's target.

extension HTTPRequestHead {
    /// The path before `?`, still percent-encoded; `/` where an absolute target has none, `*` for an asterisk.
    public var path: String {
        let path = pathAndQuery.prefix { $0 != UInt8(ascii: "?") }
        return path.isEmpty ? "/" : String(Substring(path))
    }

    /// The query after `?`, still encoded; nil if there is no `?`.
    public var query: String? {
        let rest = pathAndQuery.drop { $0 != UInt8(ascii: "?") }
        return rest.isEmpty ? nil : String(Substring(rest.dropFirst()))
    }

    /// The query's items in order, decoded as a form (`+` is a space).
    public var queryItems: [(name: String, value: String)] {
        query.map(FormQuery.items) ?? []
    }

    /// The first query item of that name, decoded.
    public func queryItem(_ name: String) -> String? {
        queryItems.first { $0.name == name }?.value
    }

    /// The path's segments, each decoded: `/v1/a%20b` is `["v1", "a b"]`, `/` is `[]`, `/a/` is `["a", ""]`.
    /// Nil when the path has an illegal escape, a NUL, or bytes that are not UTF-8. A segment may hold `/` or be `..`:
    /// the owner compares segments with names and never joins them to a file path.
    public var pathSegments: [String]? {
        let path = path.utf8
        guard path.first == UInt8(ascii: "/") else { return nil }
        if path.count == 1 { return [] }
        var segments: [String] = []
        let parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if path.allSatisfy({ $0 != UInt8(ascii: "%") && $0 != 0 }) { return parts.map { String(Substring($0)) } }
        for part in parts {
            guard let bytes = PercentEncoding.decode(part), !bytes.contains(0), let segment = String(validating: bytes, as: UTF8.self)
            else { return nil }
            segments.append(segment)
        }
        return segments
    }

    /// The host and port of an absolute target; nil for other forms.
    public var targetAuthority: String? {
        absoluteRest.map { rest in String(Substring(rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") })) }
    }

    private var pathAndQuery: Substring.UTF8View {
        absoluteRest?.drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") } ?? Substring(target).utf8
    }

    /// What follows `http://` or `https://`.
    private var absoluteRest: Substring.UTF8View? {
        if target.utf8.first == UInt8(ascii: "/") { return nil }
        for scheme in ["http://", "https://"] where equalIgnoringASCIICase(String(target.prefix(scheme.count)), scheme) {
            return target.utf8.dropFirst(scheme.utf8.count)
        }
        return nil
    }
}
