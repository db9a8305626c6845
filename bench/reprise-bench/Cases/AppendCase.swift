// Appends: durable events a second, over HTTP, with nobody listening.

enum AppendCase: MeasuredCase {
    static let name = "append"
    static let summary = "synced appends a second: alone, many in flight, in batches"
    static let usage = """
        usage: reprise-bench append [--mode alone|flight|batch] [--topics 1] [--seconds 2] [--bytes 200] [--runs 5] [--json]

        Publishes over HTTP as fast as it is answered, and an answer follows the commit. The limit writes and syncs its log once for all that
        came meanwhile. Without --mode all three: one request at a time; 64 connections, each with one under way; batches of 100, one at a
        time. Topics are taken in turn. Syncs are counted by `perf stat`, where it may.

          .build/release/reprise-bench append --topics 1000
        """
    static let flags: [Flag] = [
        .text("--mode"), .number("--topics"), .number("--seconds"), .number("--bytes"), .number("--runs"), .switch("--json"),
    ]

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let topics = flags.number("--topics", default: 1)
        let seconds = flags.number("--seconds", default: 2)
        guard (1...10_000).contains(topics), (1...60).contains(seconds) else {
            throw UsageError("--topics is 1 to 10000, --seconds 1 to 60")
        }
        let (bytes, runs) = (try flags.eventBytes(), try flags.runs())
        let modes = try modes(flags)
        let figures = try modes.flatMap { mode in
            try self.figures(mode, mode.plan(topics: topics, eventBytes: bytes, milliseconds: seconds * 1000), runs: runs, setup)
        }
        let place = topics == 1 ? "one topic" : "\(Figure.text(Double(topics))) topics in turn"
        return [Section("Synced appends, \(place)", command: command(flags), figures)]
    }

    private static func modes(_ flags: Flags) throws(UsageError) -> [AppendMode] {
        guard let name = flags.text("--mode") else { return AppendMode.allCases }
        guard let mode = AppendMode(rawValue: name) else { throw UsageError("--mode wants alone, flight or batch, not “\(name)”") }
        return [mode]
    }

    static func figures(_ mode: AppendMode, _ plan: AppendPlan, runs: Int, _ setup: BenchSetup) throws -> [Figure] {
        let all = try setup.compare([.synced, .reprise], runs: runs, mode.title) { kind in
            let server = try setup.start(kind)
            try setup.generator.append(server.target, .logRound(eventBytes: plan.eventBytes))
            try setup.generator.append(server.target, plan.warmUp)
            let count = CallCount(CallCount.syncs, process: server.processID)
            let (result, usage) = try setup.observe(server) { try setup.generator.append(server.target, plan) }
            let events = Double(result.events)
            var values = ["a second": events / result.seconds, "µs": usage.serverSeconds * 1e6 / events]
            if let count { values["syncs"] = Double(count.finish()) / events }
            return Run(values, usage)
        }
        return [
            all.figure(mode.title, "a second", "events a second", goal: plan.topics == 1 ? mode.goal : nil),
            all.figure(mode.title, "µs", "µs of CPU an event"), all.figure(mode.title, "syncs", "syncs an event"),
        ]
    }
}
