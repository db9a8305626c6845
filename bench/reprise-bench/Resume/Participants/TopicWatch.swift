// What a campaign itself hears of a topic, to go by: over the Swift client, straight, without a proxy that cuts. Nothing is judged by it.

import Foundation
import Reactor
import RelayProtocol
import RepriseClient
import Synchronization
import TestSupport
import Wire

final class TopicWatch: Sendable {
    struct State: Sendable {
        var status = "idle"
        var isTurnOpen = false
        /// Since the last kill or drain.
        var deltas = 0
        /// Cards that wait for a permission.
        var cards: [String] = []
        /// The marks of prompts whose text was heard, and their messages.
        var marks: [String: String] = [:]
        /// The prompts of turns that are closed.
        var closed: Set<String> = []
        var outages: [Outage] = []

        var isIdle: Bool { status == "idle" && !isTurnOpen }
        func isClosed(_ mark: String) -> Bool { marks[mark].map { closed.contains($0) } ?? false }
    }

    let topic: String
    private let client: RepriseClient
    private let news = BlockingQueue<Bool>()
    // reads: lock; writes: lock
    private let state = Mutex(State())
    private let running: Mutex<OwnThread.Running<Void>?>

    init(_ topic: String, url: String, token: String) throws {
        self.topic = topic
        client = try CampaignClients.client(url: url, token: token)
        running = Mutex(nil)
        let subscription = client.subscribe(to: topic, after: "earliest")
        let task = OwnThread().start { [weak self] in
            for try await item in subscription { if case .event(let event) = item { self?.hear(event.line) } }
        }
        running.withLock { $0 = task }
    }

    deinit {
        running.withLock { $0?.cancel() }
        client.close()
    }

    var now: State { state.withLock { $0 } }

    func forgetDeltas() { state.withLock { $0.deltas = 0 } }

    /// Waits for something, with a limit. Nil: it did not come.
    func wait<Found: Sendable>(within limit: Duration, _ look: @Sendable (State) -> Found?) -> Found? {
        let end = ContinuousClock.now + limit
        while true {
            if let found = state.withLock({ look($0) }) { return found }
            guard news.takeAll(within: end - .now)?.isEmpty == false else { return state.withLock { look($0) } }
        }
    }

    private func hear(_ line: [UInt8]) {
        guard let event = (try? JSON.parse(line, depth: Limits.lineDepth))?["event"], let type = event["type"]?.string else { return }
        state.withLock { $0.hear(type, event) }
        news.post(always: true)
    }
}

extension TopicWatch.State {
    fileprivate mutating func hear(_ type: String, _ event: JSONValue) {
        switch type {
        case "delta": deltas += 1
        case "status": status = event["status"]?.string ?? ""
        case "turn":
            isTurnOpen = event["state"]?.string == "started"
            if !isTurnOpen { closed.formUnion(event["prompts"]?.items.compactMap(\.string) ?? []) }
        case "permission": if let id = event["permission"]?["id"]?.string { cards.append(id) }
        case "permission.closed": cards.removeAll { $0 == event["id"]?.string }
        case "part":
            if let part = event["part"], let mark = part["text"]?.string.flatMap(PromptMark.find) { marks[mark] = part["message"]?.string }
        case "outage": Outage(event).map { outages.append($0) }
        default: break
        }
    }
}
