// Fan-out: what a delivery costs the server. One topic, many subscribers, each event published over HTTP; the processor time that the server
// used, over events times subscribers. The limit and Reprise take turns, so that a machine that is busy with something else is so for both.

import Foundation

enum FanoutCase: Case {
    static let name = "fanout"
    static let summary = "what a delivery costs the server, beside the limit"
    static let usage = """
        usage: reprise-bench fanout [--subscribers 1000] [--events N] [--bytes 200] [--stream] [--batch 100] [--runs 5] [--only SERVER]
                                    [--sends] [--json]

        Starts the limit and Reprise by turns, each on the first processor, and publishes N events of so many bytes to so many subscribers, on
        the last processor. Every subscriber must get every line once, in order. Says how much processor time of the server a delivery took:
        medians, least and most of the runs, and Reprise over the limit, pair by pair.

          --stream         NDJSON, --batch events a request (N: 20000); else one event at a time, the next when all have it (N: 2000)
          --only SERVER    limit or reprise
          --sends          one more run of each under strace, of 20 events (a stream: 2 batches): calls to send, over deliveries
          --json           all of it as JSON

          swift build -c release --product limit && swift build -c release --product reprise && swift build -c release --product reprise-bench
          .build/release/reprise-bench fanout
        """
    static let flags: [Flag] = [
        .number("--subscribers"), .number("--events"), .number("--bytes"), .switch("--stream"), .number("--batch"), .number("--runs"),
        .text("--only"), .switch("--sends"), .switch("--json"),
    ]

    static func run(_ flags: Flags) throws {
        let plan = try FanoutPlan(flags)
        let pinning = try Pinning.pinned()
        let generator = LoadGenerator()
        var report = FanoutReport(plan)
        for run in 1...plan.runs {
            for kind in plan.servers {
                let sample = try FanoutRun(kind, plan, generator, pinning).measure()
                report.add(sample)
                if !flags.has("--json") { say(sample.line(run: run)) }
            }
        }
        if flags.has("--sends") {
            for kind in plan.servers { report.sendsPerDelivery[kind.rawValue] = try FanoutRun(kind, plan, generator, pinning).countSends() }
        }
        say(flags.has("--json") ? try report.json() : report.table())
    }
}
