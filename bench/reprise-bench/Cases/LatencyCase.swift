// Latency: events at a steady pace, stored first; from the moment that an event was due until each subscriber had its line.

enum LatencyCase: MeasuredCase {
    static let name = "latency"
    static let summary = "200 events a second, stored first: how long a delivery takes"
    static let usage = """
        usage: reprise-bench latency [--subscribers 1000] [--rate 200] [--events 1000] [--bytes 200] [--runs 5] [--json]

        Publishes --rate events a second, each when it is due, whether or not those before it are answered (as long as fewer than eight are
        not); every subscriber must get every line. A delivery takes from the moment that its event was due. The limit writes and syncs its log before it sends. Says the middle and the 99th percentile of all deliveries of a run.

          .build/release/reprise-bench latency --subscribers 100
        """
    static let flags: [Flag] = [
        .number("--subscribers"), .number("--rate"), .number("--events"), .number("--bytes"), .number("--runs"), .switch("--json"),
    ]

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let (rate, events) = (flags.number("--rate", default: 200), flags.number("--events", default: 1000))
        guard (1...5000).contains(rate), events > 0 else { throw UsageError("--rate is 1 to 5000, --events at least 1") }
        let subscribers = try flags.subscribers(default: 1000)
        let (bytes, runs) = (try flags.eventBytes(), try flags.runs())
        let title = "\(rate) events a second to \(Figure.text(Double(subscribers))), stored first"
        let all = try setup.compare([.synced, .reprise], runs: runs, title) { kind in
            let server = try setup.start(kind)
            try setup.generator.append(server.target, .logRound(eventBytes: bytes))
            try setup.generator.subscribe(server.target, count: subscribers)
            try setup.generator.publish(Publication(events: 1...20, eventBytes: bytes, pace: .oneByOne))
            let (latencies, usage) = try setup.observe(server) {
                try setup.generator.publish(Publication(events: 21...20 + events, eventBytes: bytes, pace: .paced(perSecond: rate)))
            }
            try setup.generator.close()
            guard let latencies else { throw BenchFailure("nothing was timed") }
            let late = latencies.latestMilliseconds
            return Run(["p50": latencies.p50Milliseconds, "p99": latencies.p99Milliseconds, "late": late], usage)
        }
        let goal = subscribers == 1000 ? Goal.ratioAtMost(1.15) : subscribers == 100 ? Goal.ratioAtMost(1.25) : nil
        let figures = [
            all.figure("p50", "p50", "ms", goal: goal), all.figure("p99", "p99", "ms", goal: goal),
            all.figure("the generator's worst delay", "late", "ms"),
        ]
        return [Section(title, command: command(flags), figures)]
    }
}
