// Ingest: a scripted OpenCode that talks as fast as it is read, and a server that follows it.

import Foundation
import Reactor
import ScriptedOpenCode
import Wire

enum IngestCase: MeasuredCase {
    static let name = "ingest"
    static let summary = "upstream events a second, from OpenCode's stream to the log"
    static let usage = """
        usage: reprise-bench ingest [--generation 2] [--events 100000] [--runs 5] [--json]

        Starts a scripted OpenCode (1.18 or 2.x) in this program and Reprise following it, and sends a prompt whose answer is so many deltas at full speed. Says
        how many events a second were committed, and the processor time of the server for each. The generator is the scripted OpenCode.

          .build/release/reprise-bench ingest
        """
    static let flags: [Flag] = [.text("--generation"), .number("--events"), .number("--runs"), .switch("--json")]

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let events = flags.number("--events", default: 100_000)
        guard (1000...10_000_000).contains(events) else { throw UsageError("--events is 1000 to 10000000") }
        guard let generation = ScriptedGeneration(rawValue: flags.text("--generation") ?? "2") else {
            throw UsageError("--generation is 1 or 2")
        }
        let all = try setup.compare([.reprise], runs: try flags.runs(), "ingest") { kind in
            let upstream = try ScriptedServer.start(options: ScriptedOptions(generation))
            defer { _ = upstream.stop() }
            let server = try setup.start(kind, openCode: upstream.url)
            let flood = try SessionFlood(server, setup)
            let (committed, usage) = try setup.observe(server) { try flood.run(events) }
            return Run(["a second": committed / usage.wallSeconds, "µs": usage.serverSeconds * 1e6 / committed], usage)
        }
        let figures = [
            all.figure("committed", "a second", "events a second", goal: .atLeast(20_000)), all.figure("server CPU", "µs", "µs an event"),
        ]
        return [
            Section(
                "Ingest of \(Figure.text(Double(events))) events of OpenCode \(generation == .first ? "1.18" : "2.x")",
                command: command(flags), figures)
        ]
    }
}
