// What a request asks for: path and method become one of these, or a problem. The only place that knows paths.

import EventLog
import RelayProtocol
import Wire

/// A topic to read, and from where.
struct SubscriptionTarget: Sendable {
    var topic: TopicName
    var after: ResumePoint
    /// The client would rather have a snapshot than a long backlog.
    var takesSnapshot = false
}

/// A read of events in one of the clothes that are not a WebSocket.
struct EventsRead: Sendable {
    var target: SubscriptionTarget
    /// Server-sent events, until somebody leaves.
    var isStream: Bool
    /// Of a page: how long it may wait for a first event.
    var wait: Duration
    var limit: Int
}

enum Route {
    case asset(String)
    /// The page's folder without its slash: the page's own links would lead beside it.
    case folder(String)
    case health, ready, metrics
    case sessions, createSession
    case session(String)
    case messages(String)
    case children(String)
    case tasks(String)
    case digest(String)
    case command(session: String, String)
    case chat(String)
    case stop(String)
    case permission(session: String, String)
    case question(session: String, String)
    case topics
    case publish(TopicName)
    case deleteTopic(TopicName)
    case blob(TopicName, hash: String, isSession: Bool)
    case websocket(SubscriptionTarget)
    case events(EventsRead)

    /// Asked without a token.
    var isOpen: Bool {
        switch self {
        case .asset, .folder, .health, .ready: true
        default: false
        }
    }

    /// A subscription: it lasts until somebody leaves.
    var staysOpen: Bool {
        switch self {
        case .websocket: true
        case .events(let read): read.isStream
        default: false
        }
    }

    var bodyLimit: Int {
        switch self {
        case .publish, .chat: Limits.bodyBytes
        case .createSession, .stop, .permission, .question: Limits.commandBodyBytes
        default: 0
        }
    }

    static func find(_ head: HTTPRequestHead, access: AccessPolicy) throws(HTTPFault) -> Route {
        guard let all = head.pathSegments else { throw HTTPFault(.badRequest, "the path is not well-formed") }
        let whole = head.path
        if access.isPrefix(whole) { return try pick(head, [("GET", .folder(whole + "/"))]) }
        let path = access.local(whole)
        guard path.hasPrefix("/v1/") else { return try outside(path, head) }
        // The local path is the end of the whole one: as many segments as it has slashes, of which `v1` is the first.
        let segments = Array(all.suffix(path.utf8.count(where: { $0 == UInt8(ascii: "/") })).dropFirst())
        guard segments.allSatisfy({ $0.utf8.count <= Limits.idBytes }) else { throw HTTPFault(.notFound) }
        switch (segments.first, segments.count) {
        case ("sessions", 1): return try pick(head, [("GET", .sessions), ("POST", .createSession)])
        case ("sessions", _): return try session(segments, head)
        case ("topics", 1): return try pick(head, [("GET", .topics)])
        case ("topics", _): return try topic(segments, head)
        default: throw HTTPFault(.notFound)
        }
    }

    private static func outside(_ path: String, _ head: HTTPRequestHead) throws(HTTPFault) -> Route {
        switch path {
        case "/healthz": return try pick(head, [("GET", .health)])
        case "/readyz": return try pick(head, [("GET", .ready)])
        case "/metrics": return try pick(head, [("GET", .metrics)])
        default: return try pick(head, [("GET", .asset(path))])
        }
    }

    private static func session(_ segments: [String], _ head: HTTPRequestHead) throws(HTTPFault) -> Route {
        let id = segments[1]
        guard let topic = TopicName(id), topic.kind == .session else { throw HTTPFault(.unknownSession) }
        if segments.count == 2 { return try pick(head, [("GET", .session(id))]) }
        let last = segments.count == 4 ? segments[3] : ""
        switch (segments[2], segments.count) {
        case ("messages", 3): return try pick(head, [("GET", .messages(id))])
        case ("children", 3): return try pick(head, [("GET", .children(id))])
        case ("tasks", 3): return try pick(head, [("GET", .tasks(id))])
        case ("digest", 3): return try pick(head, [("GET", .digest(id))])
        case ("websocket", 3): return try pick(head, [("GET", .websocket(target(topic, head)))])
        case ("events", 3): return try pick(head, [("GET", .events(read(topic, head)))])
        case ("chat", 3): return try pick(head, [("POST", .chat(id))])
        case ("stop", 3): return try pick(head, [("POST", .stop(id))])
        case ("permissions", 4): return try pick(head, [("POST", .permission(session: id, last))])
        case ("questions", 4): return try pick(head, [("POST", .question(session: id, last))])
        case ("commands", 4): return try pick(head, [("GET", .command(session: id, last))])
        case ("blobs", 4): return try pick(head, [("GET", .blob(topic, hash: last, isSession: true))])
        default: throw HTTPFault(.notFound)
        }
    }

    private static func topic(_ segments: [String], _ head: HTTPRequestHead) throws(HTTPFault) -> Route {
        guard let topic = TopicName(segments[1]) else { throw HTTPFault(.invalidTopic) }
        switch (segments.count > 2 ? segments[2] : "", segments.count) {
        case ("", 2): return try write(topic, head, [("DELETE", .deleteTopic(topic))])
        // First, because what a GET asks for is looked for all over the head.
        case ("events", 3) where head.method == "POST": return try write(topic, head, [("POST", .publish(topic))])
        case ("events", 3):
            return try write(topic, head, [("GET", .events(read(topic, head))), ("POST", .publish(topic))])
        case ("websocket", 3): return try pick(head, [("GET", .websocket(target(topic, head)))])
        case ("blobs", 4): return try pick(head, [("GET", .blob(topic, hash: segments[3], isSession: false))])
        default: throw HTTPFault(.notFound)
        }
    }

    /// Reserved topics are read by all and written by the engine alone.
    private static func write(_ topic: TopicName, _ head: HTTPRequestHead, _ choices: [(String, Route)]) throws(HTTPFault) -> Route {
        let route = try pick(head, choices)
        if topic.isReserved, head.method == "POST" || head.method == "DELETE" { throw HTTPFault(.reservedTopic) }
        return route
    }

    private static func pick(_ head: HTTPRequestHead, _ choices: [(String, Route)]) throws(HTTPFault) -> Route {
        let method = head.method == "HEAD" ? "GET" : head.method
        if let choice = choices.first(where: { $0.0 == method }) { return choice.1 }
        let allowed = choices.map(\.0) + (choices.contains { $0.0 == "GET" } ? ["HEAD"] : [])
        throw HTTPFault(Problem(.methodNotAllowed), headers: ["allow": allowed.joined(separator: ", ")])
    }

    // Reading events.

    private static func target(_ topic: TopicName, _ head: HTTPRequestHead) -> SubscriptionTarget {
        SubscriptionTarget(
            topic: topic, after: point(head.queryItem("after")), takesSnapshot: head.queryItem("catchup") == "snapshot")
    }

    private static func point(_ text: String?) -> ResumePoint {
        // An empty one is a client's that has lost what it had: no position, so it is told.
        guard let text else { return .none }
        return text == "earliest" ? .earliest : .text(Array(text.utf8))
    }

    private static func read(_ topic: TopicName, _ head: HTTPRequestHead) throws(HTTPFault) -> EventsRead {
        var target = target(topic, head)
        let accepted = head.headers.list("accept").map { $0.prefix { $0 != ";" }.lowercased().trimmedSpaces }
        let isStream = accepted.contains("text/event-stream")
        guard isStream || accepted.isEmpty || accepted.contains(where: Self.pageTypes.contains) else { throw HTTPFault(.notAcceptable) }
        // An EventSource repeats its old URL: what it says it has wins.
        if isStream, let last = head.headers["last-event-id"], !last.isEmpty { target.after = .text(Array(last.utf8)) }
        let wait = try number(head, "wait", 0...Limits.waitSeconds) ?? 0
        let limit = try number(head, "limit", 1...Limits.mostPageEvents) ?? Limits.pageEvents
        return EventsRead(target: target, isStream: isStream, wait: .seconds(wait), limit: limit)
    }

    private static let pageTypes: Set<String> = ["*/*", "application/*", "application/x-ndjson", "application/json"]

    /// A number of the query; a larger one than there may be is taken as the largest.
    static func number(_ head: HTTPRequestHead, _ name: String, _ range: ClosedRange<Int>) throws(HTTPFault) -> Int? {
        guard let text = head.queryItem(name) else { return nil }
        guard let number = Int(text), number >= range.lowerBound else {
            throw HTTPFault(.badRequest, "\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return min(number, range.upperBound)
    }
}
