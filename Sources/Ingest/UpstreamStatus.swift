// How it stands with OpenCode, for `/readyz` and the program: written by the upstream loop, read by anybody.

import Synchronization

public final class UpstreamStatus: Sendable {
    public enum State: Sendable, Equatable {
        /// No OpenCode was asked for or found, and why.
        case none(String)
        case connecting(String)
        case connected(version: String, endpoint: String)
        case away(String)
    }

    // reads: lock; writes: lock and upstream loop
    private let current = Mutex(State.connecting("starting"))

    public init() {}

    public var state: State { current.withLock { $0 } }
    public func set(_ state: State) { current.withLock { $0 = state } }
}
