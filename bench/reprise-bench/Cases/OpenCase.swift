// Opening a long session: from the connect to the whole answer that a page paints, and to the `hello` of its subscription.

enum OpenCase: MeasuredCase {
    static let name = "open"
    static let summary = "a long session is opened: time to the first paint's data"
    static let usage = """
        usage: reprise-bench open [--events 100000] [--opens 20] [--runs 5] [--json]

        Fills a log with a session of so many events, as an agent's turns make them, and as many of a plain topic. Starts a server on it and opens
        the session: GET, then a WebSocket from the position that came. The first time stands alone, of the others the middle.

          .build/release/reprise-bench open
        """
    static let flags: [Flag] = [.number("--events"), .number("--opens"), .number("--runs"), .switch("--json")]

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let events = flags.number("--events", default: 100_000)
        let opens = flags.number("--opens", default: 20)
        guard (1000...2_000_000).contains(events), (2...1000).contains(opens) else {
            throw UsageError("--events is 1000 to 2000000, --opens 2 to 1000")
        }
        let log = try FilledLog(events: events, tail: 1000)
        let all = try setup.compare([.reprise], runs: try flags.runs(), "open") { kind in
            let server = try setup.start(kind, data: log.data)
            let first = try SessionOpening(FilledLog.session, server.target, setup)
            let others = try (1..<opens).map { _ in try SessionOpening(FilledLog.session, server.target, setup) }
            return Run([
                "first": first.answerMilliseconds, "GET": Spread(others.map(\.answerMilliseconds)).median,
                "all": Spread(others.map(\.allMilliseconds)).median,
            ])
        }
        let figures = [
            all.figure("the first GET after a start", "first", "ms", goal: .atMost(20)),
            all.figure("a GET", "GET", "ms", goal: .atMost(20)),
            all.figure("GET and subscription", "all", "ms", goal: .atMost(20)),
        ]
        return [Section("A session of \(Figure.text(Double(events))) events is opened", command: command(flags), figures)]
    }
}
