// What a scenario's server saw, as another thread may read it.

import Reactor
import Synchronization

public final class ScenarioReport: Sendable {
    private struct State {
        var deviations: [String] = []
        var connections = 0
        var isPlayed = false
        /// Between the end of a connection and the handshake of the next.
        var waits: [Duration] = []
    }

    // reads: lock; writes: lock
    private let state = Mutex(State())
    private let played = BlockingQueue<Void>()

    /// Where the client did otherwise than the scenario says.
    public var deviations: [String] { state.withLock { $0.deviations } }
    public var connections: Int { state.withLock { $0.connections } }
    public var waits: [Duration] { state.withLock { $0.waits } }

    /// Waits until the last step of the last connection is played; false when it never was.
    public func waitUntilPlayed(within limit: Duration = TestSocket.limit) -> Bool {
        if state.withLock({ $0.isPlayed }) { return true }
        _ = played.takeAll(within: limit)
        return state.withLock { $0.isPlayed }
    }

    func deviate(_ text: String) { state.withLock { $0.deviations.append(text) } }
    func connected() { state.withLock { $0.connections += 1 } }
    func waited(_ time: Duration) { state.withLock { $0.waits.append(time) } }

    func end() {
        state.withLock { $0.isPlayed = true }
        played.post(always: ())
    }
}
