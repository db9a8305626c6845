// The scripted agents held against recordings of the real servers: the same calls give the same frames and the same answers.

import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct RecordedFrameTests {
    /// With how much of a text counts: what is stopped or killed stops at another word.
    static let first: [(String, Int?)] = [
        ("hello", nil), ("reasoning", nil), ("unicode", nil), ("silent", nil), ("tools_once", nil), ("tools_reject", nil),
        ("tools_reject_message", nil), ("parallel", nil), ("parallel_reject", nil), ("permission_twice", nil), ("outside", nil),
        ("subagent", nil), ("question", nil), ("question_reject", nil), ("tool_error", nil), ("tool_badargs", nil), ("tool_unknown", nil),
        ("provider_error", nil), ("provider_down", nil), ("rate_limit", nil), ("provider_cut", nil), ("provider_unfinished", nil),
        ("abort_text", 20), ("abort_tool", 10), ("abort_idle", nil), ("abort_permission", nil), ("abort_question", nil),
        ("busy_prompt", nil), ("busy_two_prompts", nil), ("busy_prompt_in_tool", 10), ("busy_abort", 20), ("same_message_id", nil),
        ("same_message_id_at_once", nil), ("empty_prompt", nil), ("delete_busy", 12), ("pages", nil), ("model_switch", nil),
        ("other_directory", nil), ("kill_text", 20), ("kill_permission", nil), ("kill_question", nil), ("term_text", 20),
        ("chatty_tool", 10), ("big_output", 10),
    ]

    @Test(arguments: first) func `says what 1.18 said`(_ name: String, _ textLength: Int?) throws {
        let replay = try RecordingReplay(try ServerRecording(name, .first), .first, textLength: textLength)
        #expect(replay.played.lines["main"]?.isEmpty == false)
        #expect(replay.played.differences(from: replay.recorded).joined(separator: "\n") == "", "\(name)")
    }

    @Test(arguments: first) func `answers what 1.18 answered`(_ name: String, _ textLength: Int?) throws {
        var replay = try RecordingReplay(try ServerRecording(name, .first), .first, textLength: textLength)
        #expect(replay.answerDifferences().joined(separator: "\n") == "", "\(name)")
    }

    static let second: [(String, Int?)] = [
        ("hello", nil), ("markdown", nil), ("reasoning", nil), ("long", nil), ("unicode", nil), ("silent", nil), ("tools_once", nil),
        ("tools_reject", nil), ("tools_reject_message", nil), ("tools_always", nil), ("reject_after", nil), ("parallel", nil),
        ("parallel_reject", nil), ("permission_twice", nil), ("outside", nil), ("subagent", nil), ("abort_subagent", 20), ("question", nil),
        ("question_own_words", nil), ("question_empty", nil), ("question_cancel", nil), ("tool_error", nil), ("tool_badargs", nil),
        ("tool_unknown", nil), ("big_output", 10), ("big_write", nil), ("chatty_tool", nil), ("provider_error", nil),
        ("provider_down", nil),
        ("rate_limit", nil), ("provider_cut", nil), ("provider_unfinished", nil), ("interrupt_retry", nil), ("abort_text", 20),
        ("abort_tool", 10), ("abort_parallel", nil), ("abort_permission", nil), ("abort_question", nil), ("abort_idle", nil),
        ("busy_prompt", nil), ("busy_two_prompts", nil), ("busy_queue", nil), ("busy_prompt_in_tool", nil), ("busy_abort", 20),
        ("busy_abort_resume", 20), ("wake", 20), ("inbox", nil), ("no_resume", nil),
        ("same_message_id_at_once", nil), ("same_session_id", nil), ("empty_prompt", nil), ("delete_busy", 20), ("delete_asked", nil),
        ("pages", nil), ("model_switch", nil), ("other_directory", nil), ("kill_text", 20), ("kill_tool", 10), ("kill_inbox", 20),
        ("kill_permission", nil), ("kill_question", nil), ("kill_same_id", 20), ("kill_always", nil), ("term_text", 20),
        ("term_tool", 10),
    ]

    @Test(arguments: second) func `says what 2.0 said`(_ name: String, _ textLength: Int?) throws {
        let replay = try RecordingReplay(try ServerRecording(name, .second), .second, textLength: textLength)
        #expect(replay.played.lines["main"]?.isEmpty == false)
        #expect(replay.played.differences(from: replay.recorded).joined(separator: "\n") == "", "\(name)")
    }

    @Test(arguments: second) func `answers what 2.0 answered`(_ name: String, _ textLength: Int?) throws {
        var replay = try RecordingReplay(try ServerRecording(name, .second), .second, textLength: textLength)
        let differences = replay.answerDifferences { $0.hasPrefix("/api/shell/") || $0.hasSuffix("/context") }
        #expect(differences.joined(separator: "\n") == "", "\(name)")
    }
}
