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
        var leavings: [UInt16?] = []
    }

    // reads: lock; writes: lock
    private let state = Mutex(State())
    private let played = BlockingQueue<Void>()
    private let left = BlockingQueue<Void>()

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

    /// The codes with which the client closed of itself, as soon as there is one; none, if that was never.
    public func leavings(within limit: Duration = TestSocket.limit) -> [UInt16?] {
        _ = left.takeAll(within: limit)
        return state.withLock { $0.leavings }
    }

    func deviate(_ text: String) { state.withLock { $0.deviations.append(text) } }
    func connected() { state.withLock { $0.connections += 1 } }
    func waited(_ time: Duration) { state.withLock { $0.waits.append(time) } }

    func leave(_ code: UInt16?) {
        state.withLock { $0.leavings.append(code) }
        left.post(always: ())
    }

    func end() {
        state.withLock { $0.isPlayed = true }
        played.post(always: ())
    }
}
