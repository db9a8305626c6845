// What the log counts.

import Reactor

public struct LogStatistics: Sendable {
    public let commits: Counter
    public let failures: Counter
    public let events: Counter
    /// Of lines.
    public let bytes: Counter

    init(_ counters: Counters) {
        commits = counters.counter("reprise_log_commits_total", help: "Transactions that the log's writer committed.")
        failures = counters.counter("reprise_log_failures_total", help: "Transactions that failed.")
        events = counters.counter("reprise_log_events_total", help: "Events that were committed.")
        bytes = counters.counter("reprise_log_bytes_total", help: "Bytes of event lines that were committed.")
    }
}
