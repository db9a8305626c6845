// How cost grows with work: the same measurement at several sizes. Nothing may be worse than linear.

import Foundation

enum CurvesCase: MeasuredCase {
    static let name = "curves"
    static let summary = "cost over subscribers, topics and events of log"
    static let usage = """
        usage: reprise-bench curves [--of fanout|append|log] [--runs 3] [--quick] [--json]

        fanout: 1 to 15,000 subscribers, one event at a time and in a stream. append: 1 to 10,000 topics, 64 in flight. log: a session is opened,
        and a reader 1,000 events behind comes back, over 1,000 to 1,000,000 events of log. --quick: the sizes at the ends and one between.

          .build/release/reprise-bench curves --of fanout
        """
    static let flags: [Flag] = [.text("--of"), .number("--runs"), .switch("--quick"), .switch("--json")]

    private static var parts: [(name: String, measure: (Scale, BenchSetup) throws -> Section)] {
        [("fanout", fanout), ("append", append), ("log", log)]
    }

    private struct Scale {
        let runs: Int
        let isQuick: Bool
        func pick(_ sizes: [Int]) -> [Int] { isQuick ? [sizes[0], sizes[sizes.count / 2], sizes[sizes.count - 1]] : sizes }
    }

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let scale = Scale(runs: try flags.runs(default: flags.has("--quick") ? 1 : 3), isQuick: flags.has("--quick"))
        let wanted = parts.filter { flags.text("--of") == nil || flags.text("--of") == $0.name }
        guard !wanted.isEmpty else { throw UsageError("--of wants fanout, append or log") }
        return try wanted.map { try $0.measure(scale, setup) }
    }

    private static func fanout(_ scale: Scale, _ setup: BenchSetup) throws -> Section {
        let sizes = scale.pick([1, 10, 100, 1000, 5000, 10_000, 15_000])
        let deliveries = scale.isQuick ? 50_000 : 200_000
        let figures = try sizes.flatMap { size in
            let single = FanoutPlan(subscribers: size, events: min(2000, max(10, deliveries / size)), batch: nil, runs: scale.runs)
            let stream = FanoutPlan(subscribers: size, events: min(20_000, max(500, deliveries * 20 / size)), batch: 100, runs: scale.runs)
            return try [
                renamed(FanoutCase.figures(single, setup)[0], "\(Figure.text(Double(size))), one by one"),
                renamed(FanoutCase.figures(stream, setup)[0], "\(Figure.text(Double(size))), in a stream"),
            ]
        }
        return Section("Server CPU of a delivery over subscribers", command: command("fanout", scale), figures)
    }

    private static func append(_ scale: Scale, _ setup: BenchSetup) throws -> Section {
        let figures = try scale.pick([1, 10, 100, 1000, 10_000]).flatMap { topics in
            let plan = AppendMode.flight.plan(topics: topics, eventBytes: 200, milliseconds: scale.isQuick ? 1000 : 2000)
            return try AppendCase.figures(.flight, plan, runs: scale.runs, setup).map {
                renamed($0, "\(Figure.text(Double(topics))) topics")
            }
        }
        return Section("Appends over topics, 64 in flight", command: command("append", scale), figures)
    }

    private static func log(_ scale: Scale, _ setup: BenchSetup) throws -> Section {
        let sizes = scale.isQuick ? [1000, 10_000, 100_000] : [1000, 10_000, 100_000, 1_000_000]
        let figures = try sizes.flatMap { events in
            let filled = try FilledLog(events: events, tail: min(1000, events))
            let all = try setup.compare([.reprise], runs: scale.runs, "\(events) events of log") { kind in
                let server = try setup.start(kind, data: filled.data)
                let first = try SessionOpening(FilledLog.session, server.target, setup)
                let others = try (0..<9).map { _ in try SessionOpening(FilledLog.session, server.target, setup).answerMilliseconds }
                let resumes = try (0..<9).map { _ in try resume(filled, events, server, setup) }
                return Run(["first": first.answerMilliseconds, "open": Spread(others).median, "resume": Spread(resumes).median])
            }
            let size = Figure.text(Double(events))
            return [
                all.figure("\(size) events: first GET of the session", "first", "ms"), all.figure("\(size) events: a GET", "open", "ms"),
                all.figure("\(size) events: a reader 1,000 events behind has them", "resume", "ms"),
            ]
        }
        return Section("Opening and resuming over the length of the log", command: command("log", scale), figures)
    }

    private static func resume(_ log: FilledLog, _ events: Int, _ server: MeasuredServer, _ setup: BenchSetup) throws -> Double {
        let start = ContinuousClock.now
        let after = log.behind == .origin ? "earliest" : log.behind.description
        try setup.generator.resume(
            server.target, Resumption(subscribers: 1, after: after, events: max(1, events - 999)...events))
        let time = (ContinuousClock.now - start) / .milliseconds(1)
        try setup.generator.close()
        return time
    }

    private static func renamed(_ figure: Figure, _ name: String) -> Figure {
        var copy = Figure(name: name, unit: figure.unit, goal: nil)
        (copy.values, copy.generatorBusy, copy.saturated) = (figure.values, figure.generatorBusy, figure.saturated)
        return copy
    }

    private static func command(_ part: String, _ scale: Scale) -> String {
        "reprise-bench curves --of \(part)" + (scale.isQuick ? " --quick" : "")
    }
}
