// What the log counts.

import Reactor

public struct LogStatistics: Sendable {
    public let commits: Counter
    public let failures: Counter
    public let events: Counter
    /// Of lines.
    public let bytes: Counter
    /// 1 after a failed sync: nothing is written until the next start.
    public let isBroken: Counter
    /// 1 after a commit that failed, until one succeeds.
    public let isFailing: Counter

    init(_ counters: Counters) {
        commits = counters.counter("reprise_log_commits_total", help: "Transactions that the log's writer committed.")
        failures = counters.counter("reprise_log_failures_total", help: "Transactions that failed.")
        events = counters.counter("reprise_log_events_total", help: "Events that were committed.")
        isBroken = counters.gauge("reprise_log_broken", help: "1 when nothing can be written until the next start.")
        isFailing = counters.gauge("reprise_log_failing", help: "1 when the last transaction could not be written.")
        bytes = counters.counter("reprise_log_bytes_total", help: "Bytes of event lines that were committed.")
    }
}
