// Why there is no response, or not all of it.

import Wire

public struct HTTPClientError: Error, Sendable, Equatable {
    public enum Reason: Sendable, Equatable {
        case connect(ConnectError)
        case timedOut
        /// The connection ended inside the exchange; nil where the peer closed in order.
        case closed(SystemError?)
        /// What came is not a response that can be read, or too long.
        case unreadable(HTTPFailure)
        /// The client was let go of before the request had its turn.
        case clientGone
    }

    public let reason: Reason
    /// Whether the server may have got the request, and may have acted on it. False is certain.
    public let mayHaveArrived: Bool

    public init(_ reason: Reason, mayHaveArrived: Bool) {
        self.reason = reason
        self.mayHaveArrived = mayHaveArrived
    }
}

extension HTTPClientError: CustomStringConvertible {
    public var description: String {
        switch reason {
        case .connect(let error): error.description
        case .timedOut: "no response in time"
        case .closed(let error): error?.description ?? "the server closed the connection"
        case .unreadable(let failure): failure.detail
        case .clientGone: "the request was given up"
        }
    }
}
