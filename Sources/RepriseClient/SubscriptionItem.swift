// What a subscriber is given.

import RelayProtocol
import Wire

/// One line of a topic: an event, or what the server says about the subscription.
public enum SubscriptionItem: Sendable {
    case event(SubscribedEvent)
    /// `hello` with how it starts, `snapshot` with the state, `gap` with what cannot be served; heartbeats are not handed over.
    case control(type: String, line: [UInt8])
    /// The connection is gone; the subscription comes back by itself.
    case disconnected(reason: String)
}

/// An event line, as it came.
public struct SubscribedEvent: Sendable {
    /// What to come back with: opaque, and compared byte by byte.
    public let position: String
    /// The line's bytes with its LF: the same for every subscriber.
    public let line: [UInt8]

    /// The payload, JSON.
    public var payload: [UInt8] {
        (try? JSON.parse(line, depth: Limits.lineDepth))?.member("event").map { Array($0.raw) } ?? []
    }
}

/// Why a subscription or a request ended for good.
public enum RepriseError: Error, Sendable, Equatable {
    /// A problem (RFC 9457) that trying again does not mend; `code` is stable.
    case problem(status: Int, code: String, detail: String)
    case badURL(String)
    /// Nobody answered within the time for one try.
    case unreachable(String)
    /// The command is on disk, and what it is to make is not there yet.
    case underWay(String)
    /// The peer broke the protocol.
    case badAnswer(String)
    /// The client was closed before.
    case closed
}
