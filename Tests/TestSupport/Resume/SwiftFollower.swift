// The Swift client as a subscriber of a topic.

import RepriseClient
import Synchronization

public final class SwiftFollower: Sendable {
    public let received = ReceivedLines()
    private let client: RepriseClient
    private let running: OwnThread.Running<Void>

    public init(url: String, token: String, topic: String) throws {
        var options = RepriseOptions()
        (options.backoffBase, options.backoffCap) = (.milliseconds(10), .milliseconds(200))
        client = try RepriseClient(url: url, token: token, options: options)
        let subscription = client.subscribe(to: topic, after: "earliest")
        running = OwnThread().start { [received] in
            do { for try await item in subscription { Self.hear(item, received) } } catch { received.fault("ended: \(error)") }
        }
    }

    private static func hear(_ item: SubscriptionItem, _ received: ReceivedLines) {
        switch item {
        case .event(let event): received.write(String(decoding: event.line, as: UTF8.self))
        case .control(_, let line): received.write(String(decoding: line, as: UTF8.self))
        case .disconnected: break
        }
    }

    deinit {
        running.cancel()
        client.close()
    }
}
