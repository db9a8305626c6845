// Appends without a subscriber: each connection has one request under way, always.

struct AppendPlan: Sendable {
    let connections: Int
    /// Taken in turn.
    let topics: Int
    /// Events a request; 1 is no NDJSON.
    let batch: Int
    let eventBytes: Int
    /// Requests are begun until then …
    let milliseconds: Int
    /// … or until there were so many.
    var requests = Int.max

    /// Takes the log once round: a file that grows is synced more slowly than one that is written over, and the limit's is full from the start.
    /// Reprise begins its WAL anew at 2,000 pages, of which a request here takes seven or more.
    static func logRound(eventBytes: Int) -> AppendPlan {
        AppendPlan(connections: 1, topics: 1, batch: 100, eventBytes: max(200, eventBytes), milliseconds: 120_000, requests: 600)
    }

    /// Touches every topic once, so that none is made while it is measured.
    var warmUp: AppendPlan {
        AppendPlan(
            connections: connections, topics: topics, batch: batch, eventBytes: eventBytes, milliseconds: 120_000,
            requests: max(topics, connections * 2))
    }
}

struct AppendResult: Sendable {
    let events: Int
    let seconds: Double
}
