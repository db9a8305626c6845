// Why a request is not served: what to answer, and what to log. After one, the connection is to be closed, because
// where the next request would begin is not known.

public struct HTTPRefusal: Error, Sendable, Equatable {
    public var status: Int
    /// A stable word for programs: `bad_request`, `uri_too_long`, …
    public var code: String
    /// A sentence for people; nothing of the peer's bytes.
    public var detail: String
    /// Fields that the answer must have.
    public var headers: HTTPHeaders

    public init(status: Int, code: String, detail: String, headers: HTTPHeaders = [:]) {
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers
    }

    static func badRequest(_ detail: String) -> HTTPRefusal {
        HTTPRefusal(status: 400, code: "bad_request", detail: detail)
    }

    static let chunkTooLong = badRequest("a chunk is longer than its size")
    static let chunkLineTooLong = badRequest("a chunk's size and extensions are too long")
    static let lineTooLong = HTTPRefusal(status: 414, code: "uri_too_long", detail: "the request line is too long")
    static let headTooLarge = HTTPRefusal(status: 431, code: "header_too_large", detail: "the header fields are too large or too many")
    static let bodyTooLarge = HTTPRefusal(status: 413, code: "content_too_large", detail: "the body is too large")
    static let notImplemented = HTTPRefusal(status: 501, code: "not_implemented", detail: "no such transfer coding or method here")
    static let version = HTTPRefusal(status: 505, code: "version_not_supported", detail: "only HTTP/1.0 and HTTP/1.1 are spoken here")
}
