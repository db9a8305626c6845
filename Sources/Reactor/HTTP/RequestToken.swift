// How a request is named by whoever may give it up.

/// Names one request of one client.
public struct RequestToken: Hashable, Sendable {
    let number: UInt64
}
