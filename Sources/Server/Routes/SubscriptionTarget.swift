// A topic to read, and from where, as a request says it.

import EventLog
import RelayProtocol
import Wire

struct SubscriptionTarget: Sendable {
    var topic: TopicName
    var after: ResumePoint
    /// The client would rather have a snapshot than a long backlog.
    var takesSnapshot = false

    init(_ topic: TopicName, _ head: HTTPRequestHead) throws(HTTPFault) {
        self.topic = topic
        after = Self.point(head.queryItem("after"))
        switch head.queryItem("catchup") {
        case nil: break
        case "snapshot": takesSnapshot = true
        default: throw HTTPFault(.badRequest, "catchup is snapshot, or not said")
        }
    }

    private static func point(_ text: String?) -> ResumePoint {
        // An empty one is a client's that has lost what it had: no position, so it is told.
        guard let text else { return .none }
        return text == "earliest" ? .earliest : .text(Array(text.utf8))
    }
}

/// A read of events over a transport that is no WebSocket.
struct EventsRead: Sendable {
    private static let pageTypes: Set<String> = ["*/*", "application/*", "application/x-ndjson", "application/json"]

    var target: SubscriptionTarget
    /// Server-sent events, until somebody leaves.
    var isStream: Bool
    /// Of a page: how long it may wait for a first event.
    var wait: Duration
    var limit: Int

    init(_ topic: TopicName, _ head: HTTPRequestHead) throws(HTTPFault) {
        target = try SubscriptionTarget(topic, head)
        let accepted = head.headers.list("accept").map { $0.prefix { $0 != ";" }.lowercased().trimmedSpaces }
        isStream = accepted.contains("text/event-stream")
        guard isStream || accepted.isEmpty || accepted.contains(where: Self.pageTypes.contains) else { throw HTTPFault(.notAcceptable) }
        wait = .seconds(try head.number("wait", 0...Limits.waitSeconds) ?? 0)
        limit = try head.number("limit", 1...Limits.mostPageEvents) ?? Limits.pageEvents
        // An EventSource repeats its old URL: what it says it has wins.
        if isStream, let last = head.headers["last-event-id"], !last.isEmpty { target.after = .text(Array(last.utf8)) }
    }
}
