// The table of codes: status, title, and whether the same request may succeed later.

extension ProblemCode {
    /// The HTTP status.
    public var status: Int { row.status }
    /// A short sentence for people, the same for every problem of this code.
    public var title: String { row.title }
    /// The same request, under the same id, may succeed later.
    public var isRetryable: Bool { row.isRetryable }

    private var row: (status: Int, title: String, isRetryable: Bool) {
        switch self {
        case .badRequest: (400, "The request is not well formed", false)
        case .invalidJSON: (400, "The body is not JSON", false)
        case .invalidTopic: (400, "This cannot be a topic's name", false)
        case .invalidCommandID: (400, "This cannot be a command's id", false)
        case .unauthorized: (401, "A valid token is missing", false)
        case .forbiddenOrigin: (403, "This origin is not served", false)
        case .badHost: (421, "This host is not served", false)
        case .reservedTopic: (403, "Only Reprise writes to this topic", false)
        case .directoryOutsideRoots: (403, "The directory is outside the roots", false)
        case .notFound: (404, "There is nothing here", false)
        case .unknownSession: (404, "There is no such session", false)
        case .methodNotAllowed: (405, "This method is not served here", false)
        case .notAcceptable: (406, "None of the accepted types is served here", false)
        case .requestTimeout: (408, "The request took too long to arrive", true)
        case .payloadTooLarge: (413, "The body is too large", false)
        case .uriTooLong: (414, "The request line is too long", false)
        case .unsupportedMediaType: (415, "This type of body is not taken here", false)
        case .upgradeRequired: (426, "This is served over WebSocket only", false)
        case .headersTooLarge: (431, "The header fields are too large", false)
        case .notImplemented: (501, "This is not implemented", false)
        case .versionNotSupported: (505, "This version of HTTP is not spoken", false)
        case .idempotencyConflict: (409, "The key was used with another body", false)
        case .commandConflict: (409, "The id was used for another command", false)
        case .sessionBusy: (409, "The session is busy", true)
        case .alreadyAnswered: (409, "This was answered or withdrawn", false)
        case .sessionGone: (410, "OpenCode has deleted the session", false)
        case .stopped: (409, "It was stopped before it began", false)
        case .upstreamUnavailable: (503, "OpenCode cannot be reached", true)
        case .upstreamRefused: (502, "OpenCode refused it", false)
        case .uncertain: (504, "It may or may not have happened", false)
        case .overloaded: (503, "Too much is waiting", true)
        case .draining: (503, "The server is shutting down", true)
        case .storageFailed: (503, "The log cannot be written", true)
        case .readFailed: (503, "The log cannot be read", true)
        case .internal: (500, "Something went wrong here", true)
        }
    }
}
