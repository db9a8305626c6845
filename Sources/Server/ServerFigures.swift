// The few figures that matter, as counters that `/metrics` renders.

import EventLog
import Reactor

struct ServerFigures: Sendable {
    let connections: Counter
    let turnedAway: Counter
    let open: Counter
    let requests: Counter
    let refused: Counter
    let subscribers: Counter
    let pages: Counter
    let topics: Counter
    let published: Counter

    init(_ counters: Counters, log: EventLog) {
        connections = counters.counter("reprise_connections_total", help: "TCP connections accepted")
        turnedAway = counters.counter("reprise_connections_turned_away_total", help: "TCP connections closed because there were too many")
        open = counters.gauge("reprise_connections_open", help: "TCP connections open now")
        requests = counters.counter("reprise_requests_total", help: "HTTP requests read")
        refused = counters.counter("reprise_requests_refused_total", help: "HTTP requests answered with a problem")
        subscribers = counters.gauge("reprise_subscribers", help: "subscriptions open now")
        pages = counters.gauge("reprise_pages_waiting", help: "pages of events that are read or waited for now")
        topics = counters.gauge("reprise_topics_followed", help: "topics whose commits are told to a loop, counted by loop")
        published = counters.counter("reprise_published_events_total", help: "events published over HTTP")
        counters.gauge("reprise_writer_queued_bytes", help: "bytes of events and bodies that wait for the log") { log.queuedBytes }
    }
}
