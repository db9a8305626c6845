// `GET /path HTTP/1.1` (RFC 9112, 3): one space between the parts and nothing lenient about it.

enum HTTPRequestLine {
    static func parse(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) -> HTTPRequestHead {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .badRequest("the request line has not three parts") }
        let (method, target) = (parts[0], parts[1])
        guard !method.isEmpty, method.allSatisfy(\.isTokenCharacter) else { throw .badRequest("the method is not a token") }
        guard !target.isEmpty, target.allSatisfy({ $0.isVisibleASCII && $0 != UInt8(ascii: "#") })
        else { throw .badRequest("the target has an illegal character") }
        let head = HTTPRequestHead(
            method: String(decoding: method, as: UTF8.self),
            target: String(decoding: target, as: UTF8.self),
            minorVersion: try minorVersion(parts[2]))
        try checkForm(head)
        return head
    }

    /// The minor version of `HTTP/1.x`; another major version is refused with 505.
    static func minorVersion(_ version: ArraySlice<UInt8>) throws(HTTPRefusal) -> Int {
        let bytes = Array(version)
        guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), bytes[6] == UInt8(ascii: "."),
            let major = digit(bytes[5]), let minor = digit(bytes[7])
        else { throw .badRequest("the version is malformed") }
        guard major == 1 else { throw .version }
        return min(minor, 1)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (0x30...0x39).contains(byte) ? Int(byte - 0x30) : nil
    }

    private static func checkForm(_ head: HTTPRequestHead) throws(HTTPRefusal) {
        // CONNECT asks for a tunnel, with an authority for a target.
        if head.method == "CONNECT" { throw .notImplemented }
        if head.target.utf8.first == UInt8(ascii: "/") || head.target == "*" && head.method == "OPTIONS" { return }
        guard let authority = head.targetAuthority, !authority.isEmpty else { throw .badRequest("the target is neither a path nor a URL") }
        if authority.utf8.contains(UInt8(ascii: "@")) { throw .badRequest("the target has user information") }
    }
}
