// Any lines as the frames and answers of an OpenCode: see AdapterRun for what a line does.

import OpenCode

enum OpenCode1Target {
    static let target = FuzzTarget(name: "opencode1", isLines: true, run: run, seeds: seeds)

    @Sendable private static func run(_ input: [UInt8]) { AdapterRun.play(FuzzInput(input).lines, through: OpenCode1()) }
    @Sendable private static func seeds() throws -> [[UInt8]] {
        RecordingSeeds.withRecords(try RecordingSeeds.windows("recordings/opencode1", stream: "global", prefix: []), OpenCode1())
    }
}

enum OpenCode2Target {
    static let target = FuzzTarget(name: "opencode2", isLines: true, run: run, seeds: seeds)

    @Sendable private static func run(_ input: [UInt8]) { AdapterRun.play(FuzzInput(input).lines, through: OpenCode2()) }
    @Sendable private static func seeds() throws -> [[UInt8]] {
        RecordingSeeds.withRecords(try RecordingSeeds.windows("recordings/opencode2", stream: "event", prefix: []), OpenCode2())
    }
}
