// One row of the surface: a method and a path, what is told of them to people, and how they become a route.

import RelayProtocol
import Wire

struct RouteRow: Sendable {
    /// What an answer that is no problem can be.
    struct Answer: Sendable {
        var status: Int
        var types: [String] = []
        var what: String

        static func json(_ what: String, status: Int = 200) -> Answer { Answer(status: status, types: ["application/json"], what: what) }
    }

    var method: String
    /// Segments with `{parameters}` among them.
    var path: String
    var summary: String
    var query: [String] = []
    /// Types of the body that is sent with it.
    var body: [String] = []
    var answers: [Answer]
    var isOpen = false
    var route: @Sendable (RouteMatch) throws(HTTPFault) -> Route
}

/// A request whose path fits a row's.
struct RouteMatch {
    let head: HTTPRequestHead
    /// The segments at the parameters' places.
    let values: [String]

    /// A session's topic: the first parameter.
    func session() throws(HTTPFault) -> TopicName {
        guard let topic = TopicName(values[0]), topic.kind == .session else { throw HTTPFault(.unknownSession) }
        return topic
    }

    func topic() throws(HTTPFault) -> TopicName {
        guard let topic = TopicName(values[0]) else { throw HTTPFault(.invalidTopic) }
        return topic
    }

    /// A topic that a client may write to: the others are the engine's alone.
    func plainTopic() throws(HTTPFault) -> TopicName {
        let topic = try topic()
        if topic.isReserved { throw HTTPFault(.reservedTopic) }
        return topic
    }
}
