// What a relay makes of the scripted agents is what it made of the real servers: the adapter's events, and the states that they fold to.

import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct RecordedEventTests {
    private static func differences(_ recordedCase: RecordedCase, _ generation: ScriptedGeneration) throws -> String {
        let replay = try RecordingReplay(recordedCase, generation)
        let played = AdapterReplay(replay.playedFrames, generation, textLength: recordedCase.textLength)
        let recorded = AdapterReplay(replay.recordedFrames, generation, textLength: recordedCase.textLength)
        #expect(!recorded.lanes.isEmpty)
        return played.differences(from: recorded).joined(separator: "\n")
    }

    @Test(arguments: RecordedCases.first.played) func `means what 1.18 meant`(_ recording: RecordedCase) throws {
        let differences = try Self.differences(recording, .first)
        #expect(differences == "")
    }

    @Test(arguments: RecordedCases.second.played) func `means what 2.0 meant`(_ recording: RecordedCase) throws {
        let differences = try Self.differences(recording, .second)
        #expect(differences == "")
    }
}
