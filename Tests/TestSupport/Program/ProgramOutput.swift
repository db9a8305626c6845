// What a child says, handed from the loop that hears it to the one test that waits for it.

import Reactor
import Synchronization

final class ProgramOutput: Sendable {
    struct State {
        var lines: [String] = []
        /// How many of the lines were taken.
        var taken = 0
        var errors: [String] = []
        var status: ChildStatus?
    }

    enum Line {
        case text(String)
        case end
    }

    private let onLine: (@Sendable (String) -> Void)?
    private let news = BlockingQueue<Bool>()
    // reads: lock; writes: lock
    private let state = Mutex(State())

    init(onLine: (@Sendable (String) -> Void)?) { self.onLine = onLine }

    func hear(_ stream: ChildProcess.Stream, _ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if case .output = stream, let onLine { return onLine(text) }
        state.withLock { state in
            if case .output = stream { state.lines.append(text) } else { state.errors.append(text) }
        }
        news.post(always: true)
    }

    func end(_ status: ChildStatus) {
        state.withLock { $0.status = status }
        news.close()
    }

    func whileRunning(_ body: () -> Void) { state.withLock { if $0.status == nil { body() } } }

    var errors: String { state.withLock { $0.errors.joined(separator: "\n") } }

    /// Nil when the time is over.
    func nextLine(within limit: Duration) -> Line? {
        wait(limit) { state in
            guard state.taken < state.lines.count else { return state.status == nil ? nil : .end }
            state.taken += 1
            return .text(state.lines[state.taken - 1])
        }
    }

    func error(with text: String, within limit: Duration) -> String? {
        wait(limit) { state in state.errors.first { $0.contains(text) } }
    }

    func waitUntilEnded(within limit: Duration) -> ChildStatus? { wait(limit) { $0.status } }

    private func wait<Found: Sendable>(_ limit: Duration, _ look: @Sendable (inout State) -> Found?) -> Found? {
        let end = ContinuousClock.now + limit
        while true {
            if let found = state.withLock({ look(&$0) }) { return found }
            // Nil: it has ended, and what it said last may have come since we looked.
            guard let more = news.takeAll(within: end - .now) else { return state.withLock { look(&$0) } }
            if more.isEmpty { return nil }
        }
    }
}
