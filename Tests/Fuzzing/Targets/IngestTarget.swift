// The ingest machine over a log that commits what it is told to: any order of frames, answers, commits, refusals, losses of the stream.

import OpenCode

enum IngestTarget {
    static let target = FuzzTarget(name: "ingest", isLines: true, run: run, seeds: seeds)

    @Sendable private static func run(_ input: [UInt8]) {
        var input = FuzzInput(input)
        let adapter: any UpstreamAdapter = input.byte() == UInt8(ascii: "1") ? OpenCode1() : OpenCode2()
        var run = IngestRun(adapter: adapter)
        for line in input.lines.prefix(300) { run.take(line) }
        run.finish()
    }

    @Sendable private static func seeds() throws -> [[UInt8]] {
        let one = try RecordingSeeds.windows("recordings/opencode1", stream: "global", prefix: [UInt8(ascii: "1")])
        let two = try RecordingSeeds.windows("recordings/opencode2", stream: "event", prefix: [UInt8(ascii: "2")])
        return (one + two).map(withTurns)
    }

    /// The machine's own inputs among the frames, so that they need not be found.
    private static func withTurns(_ seed: [UInt8]) -> [UInt8] {
        let letters = "fclAfWcoEScAfxlAn".utf8
        var lines = seed.split(separator: UInt8(ascii: "\n")).map { Array($0) }
        for (place, letter) in letters.enumerated() where place < lines.count {
            lines.insert([letter, 0x20], at: lines.count - 1 - place * lines.count / letters.count)
        }
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }
}
