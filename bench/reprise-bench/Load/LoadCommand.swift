// What the load generator's loop is told, and what it says when it has done it.

import Reactor

enum LoadCommand: Sendable {
    /// Opens so many subscriptions of the topic, from its head.
    case subscribe(LoadTarget, count: Int)
    /// Opens them from further back; done when every subscriber has every event.
    case resume(LoadTarget, Resumption)
    /// Publishes these events; done when every subscriber has every one of them.
    case publish(Publication)
    /// Publishes to nobody, as fast as it is answered.
    case append(LoadTarget, AppendPlan)
    /// One request, on a connection of its own.
    case request(LoadTarget, HTTPRequest)
    /// One subscription, until its `hello`.
    case hello(LoadTarget, path: String, after: String)
    /// Closes all that is open.
    case close
}

enum LoadReport: Sendable {
    case done
    case latencies(Latencies)
    case appended(AppendResult)
    case answered(HTTPResponse)
    case failed(String)
}

struct Resumption: Sendable {
    let subscribers: Int
    /// A position, or `earliest`.
    let after: String
    /// The numbers of the events that follow it.
    let events: ClosedRange<Int>
}

/// How long deliveries took, of all subscribers together.
struct Latencies: Sendable {
    let p50Milliseconds: Double
    let p99Milliseconds: Double
    /// How late the generator was at most with an event that was due.
    let latestMilliseconds: Double
}
