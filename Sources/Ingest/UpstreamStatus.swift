// How it stands with OpenCode, for `/readyz` and the program: written by the upstream loop, read by anybody.

import Synchronization
import Wire

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

extension UpstreamStatus.State {
    /// `{"state":…}` and what there is to say of it.
    public var json: [UInt8] {
        JSONWriter.object { writer in
            switch self {
            case .none(let why):
                writer.member("state", "none")
                writer.member("detail", why)
            case .connecting(let how):
                writer.member("state", "connecting")
                writer.member("detail", how)
            case .connected(let version, let endpoint):
                writer.member("state", "connected")
                writer.member("version", version)
                writer.member("address", endpoint)
            case .away(let why):
                writer.member("state", "away")
                writer.member("detail", why)
            }
        }
    }
}
