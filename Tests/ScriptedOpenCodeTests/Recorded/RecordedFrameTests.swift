// The scripted agents held against recordings of the real servers: the same calls give the same frames and the same answers.

import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct RecordedFrameTests {
    private static func differences(_ recording: RecordedCase, _ generation: ScriptedGeneration) throws -> String {
        let replay = try RecordingReplay(recording, generation)
        #expect(replay.recorded.lines["main"]?.isEmpty == false)
        return replay.played.differences(from: replay.recorded).joined(separator: "\n")
    }

    @Test(arguments: RecordedCases.first.played) func `says what 1.18 said`(_ recording: RecordedCase) throws {
        let differences = try Self.differences(recording, .first)
        #expect(differences == "")
    }

    @Test(arguments: RecordedCases.second.played) func `says what 2.0 said`(_ recording: RecordedCase) throws {
        let differences = try Self.differences(recording, .second)
        #expect(differences == "")
    }

    @Test(arguments: RecordedCases.first.played) func `answers what 1.18 answered`(_ recording: RecordedCase) throws {
        var replay = try RecordingReplay(recording, .first)
        #expect(replay.answerDifferences().joined(separator: "\n") == "")
    }

    @Test(arguments: RecordedCases.second.played) func `answers what 2.0 answered`(_ recording: RecordedCase) throws {
        var replay = try RecordingReplay(recording, .second)
        // Nobody asks these.
        let differences = replay.answerDifferences { target in
            target.hasPrefix("/api/shell/") || target.hasSuffix("/context") || target.hasPrefix("/api/model")
        }
        #expect(differences.joined(separator: "\n") == "")
    }
}
