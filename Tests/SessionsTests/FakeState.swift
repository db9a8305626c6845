// What a FakeUpstream was asked, and how it answers. Apart from the actor: the runner's hooks hold this, and the actor holds the runner.

import OpenCode

final class FakeState {
    var mode = FakeUpstream.Mode.answer(200, "{}")
    var now: Int64 = 1000
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var told: [String] = []
    /// What the stream has told of cards.
    var closings: [String: [UInt8]] = [:]
    private(set) var requests: [String] = []
    private(set) var timersSet = 0
    /// Whose ids the commands had.
    private(set) var generations: [String?] = []
    private var held: [(UpstreamAnswer) -> Void] = []
    private var timers: [() -> Void] = []

    func take(_ request: UpstreamRequest, _ done: @escaping (UpstreamAnswer) -> Void) {
        requests.append("\(request.method) \(request.target)")
        wakeWatchers()
        switch mode {
        case .answer(let status, let body): done(.answered(status: status, isJSON: true, headers: [], body: Array(body.utf8)))
        case .unreachable, .disconnected: done(.unreachable(mayHaveArrived: true))
        case .hold: held.append(done)
        }
    }

    func wait(_ done: @escaping () -> Void) {
        timers.append(done)
        timersSet += 1
        wakeWatchers()
    }

    func exchange(
        _ command: UpstreamCommand, _ identifiers: UpstreamIdentifiers, _ settling: Bool
    ) -> (any UpstreamExchange<CommandResult>)? {
        if case .disconnected = mode { return nil }
        generations.append(identifiers.generation)
        return FakeExchange(name: "\(command.name) \(identifiers.all.joined())", isLooking: settling)
    }

    func passTime() {
        let due = timers
        timers = []
        for timer in due { timer() }
    }

    func release(_ status: Int, _ body: String) {
        let waiting = held
        held = []
        for done in waiting { done(.answered(status: status, isJSON: true, headers: [], body: Array(body.utf8))) }
    }

    private func wakeWatchers() {
        for watcher in watchers where requests.count + timersSet >= watcher.count { watcher.continuation.resume() }
        watchers.removeAll { requests.count + timersSet >= $0.count }
    }
}
