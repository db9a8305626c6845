// A case that gives sections of figures: what it prints is the same for all of them.

protocol MeasuredCase: Case {
    static func measure(_ flags: Flags, _ setup: BenchSetup) throws -> [Section]
}

extension MeasuredCase {
    static func run(_ flags: Flags) throws {
        let report = Report(sections: try measure(flags, BenchSetup()))
        say(flags.has("--json") ? try report.json() : report.markdown())
    }

    /// As it would be typed.
    static func command(_ flags: Flags) -> String { (["reprise-bench", name] + flags.words).joined(separator: " ") }
}

extension Flags {
    /// Runs of each server: an odd number has a median that was measured.
    func runs(default fallback: Int = 5) throws(UsageError) -> Int {
        let runs = number("--runs", default: fallback)
        guard (1...99).contains(runs) else { throw UsageError("--runs is 1 to 99") }
        return runs
    }

    func eventBytes() throws(UsageError) -> Int {
        let bytes = number("--bytes", default: 200)
        guard (32...60_000).contains(bytes) else { throw UsageError("--bytes is 32 to 60000") }
        return bytes
    }

    func subscribers(default fallback: Int) throws(UsageError) -> Int {
        let count = number("--subscribers", default: fallback)
        guard (1...15_000).contains(count) else {
            throw UsageError("--subscribers is 1 to 15000: a process may have 20,000 descriptors")
        }
        return count
    }
}
