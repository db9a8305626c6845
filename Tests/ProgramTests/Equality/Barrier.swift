// A point where threads meet: the last to come does what is to be done once, the others wait for it. Whoever cannot come says so.

import Reactor
import Synchronization

final class Barrier: Sendable {
    struct Failed: Error { let why: String }

    private struct State {
        var expected: Int
        var arrived = 0
        /// How many times it was done.
        var rounds = 0
        var failure: String?
    }

    private let signal = ChangeSignal()
    // reads: lock; writes: lock
    private let state: Mutex<State>

    init(of expected: Int) { state = Mutex(State(expected: expected)) }

    func meet(_ act: () throws -> Void) throws {
        let (round, isLast) = state.withLock { state in
            state.arrived += 1
            return (state.rounds, state.arrived >= state.expected)
        }
        if isLast { finish(act) }
        _ = signal.wait(within: .seconds(240)) { state.withLock { $0.rounds > round || $0.failure != nil || isDue($0) } }
        // Somebody who was waited for has left.
        if state.withLock({ $0.rounds == round && $0.failure == nil && isDue($0) }) { finish(act) }
        if let failure = state.withLock({ $0.failure }) { throw Failed(why: failure) }
    }

    /// One less to wait for.
    func leave() {
        state.withLock { $0.expected -= 1 }
        signal.post()
    }

    private func isDue(_ state: State) -> Bool { state.arrived > 0 && state.arrived >= state.expected }

    private func finish(_ act: () throws -> Void) {
        let isMine = state.withLock { state in
            guard isDue(state) else { return false }
            state.arrived = -1
            return true
        }
        guard isMine else { return }
        do { try act() } catch { state.withLock { $0.failure = "\(error)" } }
        state.withLock { state in
            state.arrived = 0
            state.rounds += 1
        }
        signal.post()
    }
}
