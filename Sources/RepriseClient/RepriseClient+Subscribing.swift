// Following a topic.

import Wire

extension RepriseClient {
    /// Follows a session (`ses_…`) or another topic from `after` (a position, `earliest`, nil for the topic's default) until the iteration
    /// is given up.
    public func subscribe(to topic: String, after: String? = nil) -> Subscription {
        let kind = topic.hasPrefix("ses_") ? "sessions" : "topics"
        return Subscription(client: self, path: "/v1/\(kind)/\(PercentEncoding.encode(topic))/websocket", after: after)
    }
}
