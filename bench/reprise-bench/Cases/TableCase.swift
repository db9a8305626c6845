// The whole set, as the README shows it.

enum TableCase: MeasuredCase {
    static let name = "table"
    static let summary = "the whole set, as a Markdown table"
    static let usage = """
        usage: reprise-bench table [--quick] [--no-curves] [--json]

        Runs every case as the README shows it and prints one table of all that is held to something, then the curves: under 15 minutes; --quick
        takes fewer and shorter runs, under 3 minutes. How it goes on is said on standard error; --json has everything that was measured.

          swift build -c release --product limit && swift build -c release --product reprise && swift build -c release --product reprise-bench
          .build/release/reprise-bench table > numbers.md
        """
    static let flags: [Flag] = [.switch("--quick"), .switch("--no-curves"), .switch("--json")]

    private static let set: [(any MeasuredCase.Type, words: String, quick: String)] = [
        (FanoutCase.self, "--events 500", "--events 200 --runs 3"),
        (FanoutCase.self, "--stream", "--stream --events 5000 --runs 3"),
        (FanoutCase.self, "--subscribers 10000 --events 50", "--subscribers 10000 --events 10 --runs 1"),
        (FanoutCase.self, "--subscribers 10000 --stream --events 2000", "--subscribers 10000 --stream --events 500 --runs 1"),
        (LatencyCase.self, "--subscribers 100 --events 600", "--subscribers 100 --events 200 --runs 3"),
        (LatencyCase.self, "--subscribers 1000 --events 600", "--subscribers 1000 --events 200 --runs 3"),
        (AppendCase.self, "", "--seconds 1 --runs 1"),
        (AppendCase.self, "--topics 1000", "--topics 1000 --seconds 1 --runs 1"),
        (IngestCase.self, "", "--events 20000 --runs 1"),
        (IngestCase.self, "--generation 1", "--generation 1 --events 20000 --runs 1"),
        (ResumeStormCase.self, "", "--runs 1"),
        (ResumeStormCase.self, "--subscribers 10000", "--subscribers 10000 --runs 1"),
        (IdleCase.self, "--seconds 5", "--seconds 5 --runs 1"),
        (OpenCase.self, "", "--runs 1"),
    ]

    static func run(_ flags: Flags) throws {
        let start = ContinuousClock.now
        let report = Report(sections: try measure(flags, BenchSetup()))
        say(flags.has("--json") ? try report.json() : report.summary())
        note("that took \((ContinuousClock.now - start) / .seconds(1)) s")
    }

    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section] {
        let isQuick = flags.has("--quick")
        var sections = try set.flatMap { entry in
            let words = (isQuick ? entry.quick : entry.words).split(separator: " ").map { String($0) }
            return try entry.0.measure(Flags(words, allowed: entry.0.flags), setup)
        }
        if !flags.has("--no-curves") {
            sections += try CurvesCase.measure(Flags(isQuick ? ["--quick"] : [], allowed: CurvesCase.flags), setup)
        }
        return sections
    }
}
