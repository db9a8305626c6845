// Something that may take long against the clock: whichever comes first answers, once.

import Synchronization

final class AnswerRace<Value: Sendable>: Sendable {
    private struct State {
        var reply: (@Sendable (Value?) -> Void)?
        var isTimeUp = false
    }

    // reads: lock; writes: lock
    private let state = Mutex(State())

    /// `reply` gets the value, or nil when the time was up before.
    func begin(_ reply: @escaping @Sendable (Value?) -> Void) {
        let isTimeUp = state.withLock { state in
            if !state.isTimeUp { state.reply = reply }
            return state.isTimeUp
        }
        if isTimeUp { reply(nil) }
    }

    func finish(_ value: Value) { take()?(value) }

    func giveUp() {
        let reply = state.withLock { state in
            state.isTimeUp = true
            defer { state.reply = nil }
            return state.reply
        }
        reply?(nil)
    }

    private func take() -> (@Sendable (Value?) -> Void)? {
        state.withLock { state in
            defer { state.reply = nil }
            return state.reply
        }
    }
}
