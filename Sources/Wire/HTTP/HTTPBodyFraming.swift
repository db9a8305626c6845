// How long a body is (RFC 9112, 6.3), decided from the head alone. Whatever two readers could understand differently is
// refused: both lengths, two lengths, a coding that does not end in one `chunked`.

enum HTTPBodyFraming: Sendable, Equatable {
    case length(Int)
    case chunked
    case untilClose

    static func ofRequest(_ head: HTTPRequestHead) throws(HTTPRefusal) -> HTTPBodyFraming {
        let codings = try transferCodings(head.headers, minorVersion: head.minorVersion)
        if codings.isEmpty { return .length(try contentLength(head.headers) ?? 0) }
        guard codings.dropLast().allSatisfy({ !equalIgnoringASCIICase($0, "chunked") }),
            equalIgnoringASCIICase(codings[codings.count - 1], "chunked")
        else { throw .badRequest("the transfer coding does not end in one chunked") }
        guard codings.count == 1 else { throw .notImplemented }
        return .chunked
    }

    static func ofResponse(_ head: HTTPResponseHead, to method: String) throws(HTTPRefusal) -> HTTPBodyFraming {
        if method == "HEAD" || head.status == 204 || head.status == 304 || head.status < 200 { return .length(0) }
        let codings = try transferCodings(head.headers, minorVersion: head.minorVersion)
        if codings.isEmpty { return try contentLength(head.headers).map { .length($0) } ?? .untilClose }
        guard codings.count == 1, equalIgnoringASCIICase(codings[0], "chunked") else { throw .notImplemented }
        return .chunked
    }

    private static func transferCodings(_ headers: HTTPHeaders, minorVersion: Int) throws(HTTPRefusal) -> [String] {
        guard headers["Transfer-Encoding"] != nil else { return [] }
        guard minorVersion >= 1 else { throw .badRequest("HTTP/1.0 has no transfer codings") }
        guard headers["Content-Length"] == nil else { throw .badRequest("both Content-Length and Transfer-Encoding") }
        let codings = headers.list("Transfer-Encoding")
        guard !codings.isEmpty else { throw .badRequest("an empty Transfer-Encoding") }
        return codings
    }

    private static func contentLength(_ headers: HTTPHeaders) throws(HTTPRefusal) -> Int? {
        guard let value = headers["Content-Length"] else { return nil }
        guard headers.count(of: "Content-Length") == 1 else { throw .badRequest("more than one Content-Length") }
        // `Int` takes a sign, too.
        let isNumber = !value.isEmpty && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber else { throw .badRequest("Content-Length is not a number") }
        guard let length = Int(value) else { throw .bodyTooLarge }
        return length
    }
}
