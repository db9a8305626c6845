// The two clients as subscribers of a topic: the Swift one, and the JavaScript one in node.

import Foundation
import Reactor
import RelayProtocol
import RepriseClient
import Synchronization
import TestSupport

final class SwiftFollower: Sendable {
    struct Heard {
        var lines: [String] = []
        var faults: [String] = []
    }

    private let client: RepriseClient
    private let news = BlockingQueue<Bool>()
    // reads: lock; writes: lock
    private let heard = Mutex(Heard())
    private let running: Mutex<OwnThread.Running<Void>?>

    init(_ client: RepriseClient, topic: String, thread: OwnThread) {
        self.client = client
        running = Mutex(nil)
        let subscription = client.subscribe(to: topic, after: "earliest")
        let task = thread.start { [weak self] in
            for try await item in subscription {
                guard let self else { return }
                hear(item)
            }
        }
        running.withLock { $0 = task }
    }

    private func hear(_ item: SubscriptionItem) {
        heard.withLock { heard in
            switch item {
            case .event(let event): heard.lines.append(String(decoding: event.line, as: UTF8.self))
            case .control(let type, let line):
                let text = String(decoding: line, as: UTF8.self)
                if !["hello", "drain"].contains(type) || (type == "hello" && !text.contains(#""start":"exact""#)) { heard.faults.append(text) }
            case .disconnected: break
            }
        }
        news.post(always: true)
    }

    /// What it has heard when it has as many lines, or when the time is over.
    func wait(for count: Int) -> Heard {
        let end = ContinuousClock.now + RunningProgram.patience
        while heard.withLock({ $0.lines.count }) < count, news.takeAll(within: end - .now)?.isEmpty == false {}
        running.withLock { $0?.cancel() }
        client.close()
        return heard.withLock { $0 }
    }
}

final class NodeFollower {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()
    private static let client = here.appending(path: "../../../Sources/WebPage/page/reprise.js").standardizedFileURL.path()

    private let program: RunningProgram

    /// Nil where there is no node with WebSockets.
    init?(url: String, token: String, topic: String, environment: [String: String]) throws {
        guard let node = NodeProgram.path else { return nil }
        program = try RunningProgram(
            node, [Self.here.appending(path: "follow.mjs").path(), Self.client, url, token, topic], environment: environment)
    }

    func wait(for count: Int) throws -> (lines: [String], faults: String) {
        var lines: [String] = []
        while lines.count < count, let line = try program.line() { lines.append(line + "\n") }
        program.send(.kill)
        lines += try program.rest().map { $0 + "\n" }
        return (lines, program.errors)
    }
}
