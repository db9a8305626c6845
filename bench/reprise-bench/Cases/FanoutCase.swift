// Fan-out: what a delivery costs the server. One topic, many subscribers, each event published over HTTP; the processor time that the server
// used, over events times subscribers.

enum FanoutCase: MeasuredCase {
    static let name = "fanout"
    static let summary = "what a delivery costs the server, beside the limit"
    static let usage = """
        usage: reprise-bench fanout [--subscribers 1000] [--events N] [--bytes 200] [--stream] [--batch 100] [--runs 5] [--only SERVER] [--json]

        Starts the limit and Reprise by turns, each on the first processor, and publishes N events of so many bytes to so many subscribers, on
        the last processor. Every subscriber must get every line once, in order. Says how much processor time of the server a delivery took:
        medians, least and most of the runs, and Reprise over the limit, pair by pair.

          --stream         NDJSON, --batch events a request (N: 20000); else one event at a time, the next when all have it (N: 2000)
          --only SERVER    limit or reprise
          --json           all of it as JSON

          swift build -c release --product limit && swift build -c release --product reprise && swift build -c release --product reprise-bench
          .build/release/reprise-bench fanout
        """
    static let flags: [Flag] = [
        .number("--subscribers"), .number("--events"), .number("--bytes"), .switch("--stream"), .number("--batch"), .number("--runs"),
        .text("--only"), .switch("--json"),
    ]

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let plan = try FanoutPlan(flags)
        return [Section(plan.title, command: command(flags), try figures(plan, setup))]
    }

    static func figures(_ plan: FanoutPlan, _ setup: BenchSetup) throws -> [Figure] {
        let runs = try setup.compare(plan.servers, runs: plan.runs, plan.title) { kind in
            let server = try start(kind, plan, setup)
            let usage = try setup.observe(server) { try publish(plan, plan.measuredEvents, setup) }.usage
            let deliveries = Double(plan.events * plan.subscribers)
            var values = ["µs": usage.serverSeconds * 1e6 / deliveries, "deliveries/s": deliveries / usage.wallSeconds]
            values["sends"] = try sends(server, plan, setup)
            try setup.generator.close()
            return Run(values, usage)
        }
        return [
            runs.figure("server CPU", "µs", "µs a delivery", goal: plan.goal), runs.figure("deliveries", "deliveries/s", "a second"),
            runs.figure("calls to send", "sends", "a delivery"),
        ]
    }

    /// Calls to send over deliveries, of a few events more: counting costs each call a little.
    private static func sends(_ server: MeasuredServer, _ plan: FanoutPlan, _ setup: BenchSetup) throws -> Double? {
        guard let count = CallCount(CallCount.sends, process: server.processID) else { return nil }
        let (first, events) = (plan.measuredEvents.upperBound + 1, plan.batch.map { $0 * 2 } ?? 20)
        try publish(plan, first...first + events - 1, setup)
        return Double(count.finish()) / Double(events * plan.subscribers)
    }

    private static func start(_ kind: ServerKind, _ plan: FanoutPlan, _ setup: BenchSetup) throws -> MeasuredServer {
        let server = try setup.start(kind)
        try setup.generator.subscribe(server.target, count: plan.subscribers)
        try publish(plan, 1...plan.warmUpEvents, setup)
        return server
    }

    private static func publish(_ plan: FanoutPlan, _ events: ClosedRange<Int>, _ setup: BenchSetup) throws {
        try setup.generator.publish(Publication(events: events, eventBytes: plan.eventBytes, pace: plan.pace))
    }
}
