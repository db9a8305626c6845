// An idle server: what it costs when nothing happens, with nobody there and with many who wait.

import Foundation

enum IdleCase: MeasuredCase {
    static let name = "idle"
    static let summary = "a server at which nothing happens: CPU, wake-ups, memory"
    static let usage = """
        usage: reprise-bench idle [--subscribers 15000] [--seconds 12] [--runs 5] [--json]

        Starts a server, lets it be for so many seconds, then the same with so many subscribers of a topic at which nothing happens (a
        heartbeat reaches each of them every 25 s: in 12 s half of them). A wake-up is a thread that slept and ran again. User memory is
        what the process has written to. Each run rests twice, for each of two servers; the middle of the runs counts.

          .build/release/reprise-bench idle
        """
    static let flags: [Flag] = [.number("--subscribers"), .number("--seconds"), .number("--runs"), .switch("--json")]

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let subscribers = try flags.subscribers(default: 15_000)
        let seconds = flags.number("--seconds", default: 12)
        guard (1...600).contains(seconds) else { throw UsageError("--seconds is 1 to 600") }
        let all = try setup.compare([.limit, .reprise], runs: try flags.runs(), "idle") { kind in
            let server = try setup.start(kind)
            // What a start leaves to do is done then.
            Thread.sleep(forTimeInterval: 1)
            let alone = try Rest(server, seconds: seconds)
            try setup.generator.subscribe(server.target, count: subscribers)
            let full = try Rest(server, seconds: seconds)
            try setup.generator.close()
            return Run([
                "CPU 0": alone.processorPercent, "wake-ups 0": alone.wakeUps, "memory 0": alone.after.residentMebibytes,
                "CPU": full.processorPercent, "wake-ups": full.wakeUps, "memory": full.after.residentMebibytes,
                "each": (full.after.ownKibibytes - alone.after.ownKibibytes) / Double(subscribers),
            ])
        }
        let many = "\(Figure.text(Double(subscribers))) subscribers"
        let figures = [
            all.figure("CPU, nobody there", "CPU 0", "% of a core", goal: .atMost(0.5)),
            all.figure("wake-ups, nobody there", "wake-ups 0", "a second"),
            all.figure("resident memory, nobody there", "memory 0", "MiB", goal: .atMost(30)),
            all.figure("CPU, \(many)", "CPU", "% of a core"), all.figure("wake-ups, \(many)", "wake-ups", "a second"),
            all.figure("resident memory, \(many)", "memory", "MiB"),
            all.figure("user memory", "each", "KiB a subscriber", goal: .atMost(0.5)),
        ]
        return [Section("Idle for \(seconds) s", command: command(flags), figures)]
    }

    /// What a while of rest showed.
    private struct Rest {
        let processorPercent: Double
        let wakeUps: Double
        let after: ProcessState

        init(_ server: MeasuredServer, seconds: Int) throws {
            let before = try ProcessState(of: server.processID)
            let start = try Usage.Mark(server)
            Thread.sleep(forTimeInterval: Double(seconds))
            let usage = try Usage(since: start, server)
            after = try ProcessState(of: server.processID)
            processorPercent = usage.serverBusy * 100
            wakeUps = Double(after.sleeps - before.sleeps) / usage.wallSeconds
        }
    }
}
