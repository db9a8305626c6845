// Why something was not done, as a stable word for programs. The word is the contract; status and title follow from it, here and nowhere
// else.

/// `code` of a problem. New ones may come; a client goes by the status of one that it does not know.
public enum ProblemCode: String, Sendable, Hashable, CaseIterable {
    // The request is wrong as it stands: sending it again is of no use.
    case badRequest = "bad_request"
    case invalidJSON = "invalid_json"
    case invalidTopic = "invalid_topic"
    case invalidCommandID = "invalid_command_id"
    case unauthorized
    case forbiddenOrigin = "forbidden_origin"
    case badHost = "bad_host"
    case reservedTopic = "reserved_topic"
    case directoryOutsideRoots = "directory_outside_roots"
    case notFound = "not_found"
    case unknownSession = "unknown_session"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case requestTimeout = "request_timeout"
    case payloadTooLarge = "payload_too_large"
    case uriTooLong = "uri_too_long"
    case unsupportedMediaType = "unsupported_media_type"
    case upgradeRequired = "upgrade_required"
    case headersTooLarge = "headers_too_large"
    case notImplemented = "not_implemented"
    case versionNotSupported = "version_not_supported"

    // The state of things is against it.
    case idempotencyConflict = "idempotency_conflict"
    case commandConflict = "command_conflict"
    case sessionBusy = "session_busy"
    case alreadyAnswered = "already_answered"
    case sessionGone = "session_gone"
    /// A stop came before anything of it had begun.
    case stopped

    // Upstream.
    case upstreamUnavailable = "upstream_unavailable"
    case upstreamRefused = "upstream_refused"
    /// It may have happened: sending it again under another id could do it twice.
    case uncertain

    // We.
    case overloaded
    case draining
    case storageFailed = "storage_failed"
    case readFailed = "read_failed"
    case `internal`

    /// The code for a status that a parser below the routes answers with.
    public init(status: Int) {
        switch status {
        case 401: self = .unauthorized
        case 404: self = .notFound
        case 405: self = .methodNotAllowed
        case 406: self = .notAcceptable
        case 408: self = .requestTimeout
        case 413: self = .payloadTooLarge
        case 414: self = .uriTooLong
        case 415: self = .unsupportedMediaType
        case 421: self = .badHost
        case 426: self = .upgradeRequired
        case 431: self = .headersTooLarge
        case 501: self = .notImplemented
        case 505: self = .versionNotSupported
        case 500...: self = .internal
        default: self = .badRequest
        }
    }
}
