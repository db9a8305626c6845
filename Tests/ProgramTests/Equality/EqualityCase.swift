// Something that is done on a real OpenCode with the program following: a recording, or a word of the scripted model.

import TestSupport
import Testing

struct EqualityCase: Sendable, Hashable, CustomTestStringConvertible {
    enum Subject: Sendable, Hashable {
        case recording(String)
        case word(String)
    }

    let generation: OpenCodeGeneration
    let subject: Subject

    var name: String {
        switch subject {
        case .recording(let name): name
        case .word(let word): "word " + word
        }
    }
    var testDescription: String { "\(generation), \(name)" }

    /// Of the installed generations; a part of them where the scale is 1.
    static let all: [EqualityCase] = OpenCodeGeneration.installed.flatMap(all)

    static func all(_ generation: OpenCodeGeneration) -> [EqualityCase] {
        let recordings = RecordedScenario.names(generation).map { EqualityCase(generation: generation, subject: .recording($0)) }
        let words = ModelWordRun.words.keys.sorted().map { EqualityCase(generation: generation, subject: .word($0)) }
        return (recordings + words).filter { TestScale.factor > 1 || quick.contains($0.name) }
    }

    /// One of each kind, and nothing that is slow by nature.
    private static let quick: Set = [
        "abort_permission", "abort_text", "abort_tool", "attachments", "big_output", "busy_two_prompts", "command", "delete_busy", "inbox",
        "kill_permission",
        "kill_text", "lifecycle", "parallel_reject", "plan_mode", "provider_cut", "question", "remove_message", "revert", "same_message_id",
        "shell",
        "subagent", "summarize", "compact", "term_text", "tools_once", "unicode", "word authentication", "word picture",
    ]
}
