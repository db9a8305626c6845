// Why a response cannot be read. The connection is of no further use.

public struct HTTPFailure: Error, Sendable, Equatable {
    /// A stable word: `malformed`, `too_large`, `cut`, `unexpected`.
    public var code: String
    public var detail: String

    public init(code: String, detail: String) {
        self.code = code
        self.detail = detail
    }

    init(_ refusal: HTTPRefusal) {
        self.init(code: [413, 414, 431].contains(refusal.status) ? "too_large" : "malformed", detail: refusal.detail)
    }

    static let cut = HTTPFailure(code: "cut", detail: "the connection ended inside a response")
    static let unanswered = HTTPFailure(code: "cut", detail: "the connection ended before the response began")
    static let unexpected = HTTPFailure(code: "unexpected", detail: "a response came that no request asked for")
}
