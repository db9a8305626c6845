// A problem (RFC 9457): the body of every answer that is not a success, and `error` of control lines and replies.

import Wire

public struct Problem: Error, Sendable, Equatable {
    public static let mediaType = "application/problem+json"

    public var code: ProblemCode
    /// A sentence about this very case; nothing of a token, a payload or a path of the server's.
    public var detail: String?

    public init(_ code: ProblemCode, _ detail: String? = nil) {
        self.code = code
        self.detail = detail
    }

    /// `type` of RFC 9457: an absolute URI that names the code and is fetched by nobody.
    public var type: String { "urn:reprise:problem:\(code.rawValue)" }

    /// A JSON object.
    public var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("type", type)
            writer.member("title", code.title)
            writer.member("status", code.status)
            writer.member("code", code.rawValue)
            writer.member("detail", detail)
        }
    }

    /// A problem that somebody was given: by its `code`, or by its `status` where the code is not known.
    public init?(_ value: JSONValue) {
        guard let status = value["status"]?.int else { return nil }
        let code = value["code"]?.string.flatMap(ProblemCode.init(rawValue:))
        self.init(code ?? ProblemCode(status: status), value["detail"]?.string)
    }
}
