// Why a connection did not come about.

public enum ConnectError: Error, Sendable, Hashable {
    /// No address for that name.
    case unresolved(ResolveError)
    /// No address answered; the last one said this.
    case refused(SystemError)
    case timedOut
}

/// What the system's resolver said, in its own words.
public struct ResolveError: Error, Sendable, Hashable {
    public let host: String
    public let reason: String
}

extension ConnectError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unresolved(let error): "\(error.host): \(error.reason)"
        case .refused(let error): error.description
        case .timedOut: "connect: no answer in time"
        }
    }
}
