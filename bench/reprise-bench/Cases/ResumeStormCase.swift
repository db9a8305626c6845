// A resume storm: many subscribers come back at once, each with many events behind it; how long until the last one has them all, and how much
// memory the server took for it.

enum ResumeStormCase: MeasuredCase {
    static let name = "resume-storm"
    static let summary = "many subscribers come back at once, 1,000 events behind"
    static let usage = """
        usage: reprise-bench resume-storm [--subscribers 1000] [--events 1000] [--bytes 200] [--runs 5] [--json]

        Publishes the events, then opens so many subscriptions that lack all of them, 500 handshakes at a time. Every subscriber must get every
        line once, in order. Says the time from the first connect until the last subscriber has everything, the server's processor time in it,
        and the most memory that the server held.

          .build/release/reprise-bench resume-storm --subscribers 10000
        """
    static let flags: [Flag] = [.number("--subscribers"), .number("--events"), .number("--bytes"), .number("--runs"), .switch("--json")]

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let subscribers = try flags.subscribers(default: 1000)
        let events = flags.number("--events", default: 1000)
        guard (1...10_000).contains(events) else { throw UsageError("--events is 1 to 10000") }
        let bytes = try flags.eventBytes()
        let title = "\(Figure.text(Double(subscribers))) subscribers come back, \(Figure.text(Double(events))) events behind"
        let all = try setup.compare([.limit, .reprise], runs: try flags.runs(), title) { kind in
            let server = try setup.start(kind)
            try setup.generator.subscribe(server.target, count: 1)
            try setup.generator.publish(Publication(events: 1...events, eventBytes: bytes, pace: .stream(batch: 100)))
            try setup.generator.close()
            try ProcessState.resetPeak(of: server.processID)
            let usage = try setup.observe(server) {
                try setup.generator.resume(
                    server.target, Resumption(subscribers: subscribers, after: "earliest", events: 1...events))
            }.usage
            let peak = try ProcessState(of: server.processID).peakMebibytes
            try setup.generator.close()
            return Run(["time": usage.wallSeconds, "CPU": usage.serverSeconds, "memory": peak], usage)
        }
        let time = subscribers == 1000 ? Goal.atMost(0.2) : subscribers == 10_000 ? Goal.atMost(2) : nil
        let figures = [
            all.figure("until the last has everything", "time", "s", goal: time), all.figure("server CPU", "CPU", "s"),
            all.figure("memory at most", "memory", "MiB", goal: .atMost(64)),
        ]
        return [Section(title, command: command(flags), figures)]
    }
}
