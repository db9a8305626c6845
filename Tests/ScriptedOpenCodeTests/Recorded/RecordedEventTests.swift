// What a relay makes of the scripted agents is what it made of the real servers: the adapter's events, and the states that they fold to.

import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct RecordedEventTests {
    private static func differences(_ name: String, _ generation: ScriptedGeneration, _ textLength: Int?) throws -> String {
        let replay = try RecordingReplay(try ServerRecording(name, generation), generation, textLength: textLength)
        let played = AdapterReplay(replay.playedFrames, generation, textLength: textLength)
        let recorded = AdapterReplay(replay.recordedFrames, generation, textLength: textLength)
        #expect(!recorded.lanes.isEmpty)
        return played.differences(from: recorded).joined(separator: "\n")
    }

    @Test(arguments: RecordedFrameTests.first) func `means what 1.18 meant`(_ name: String, _ textLength: Int?) throws {
        let differences = try Self.differences(name, .first, textLength)
        #expect(differences == "", "\(name)")
    }

    @Test(arguments: RecordedFrameTests.second) func `means what 2.0 meant`(_ name: String, _ textLength: Int?)
        throws
    {
        let differences = try Self.differences(name, .second, textLength)
        #expect(differences == "", "\(name)")
    }
}
