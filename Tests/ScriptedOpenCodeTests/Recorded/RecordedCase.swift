// One recording, and what a scripted agent must know to play it again: what belonged to the world around the real server.

import ScriptedOpenCode
import Testing

struct RecordedCase: Sendable, CustomTestStringConvertible {
    /// When a call reached the server, where its lines alone tell otherwise.
    enum Moment: Sendable {
        /// The server had done more than its stream had told.
        case late
        /// It was answered before its stream told of it: the next call came first, or the server died.
        case unheard
    }

    let name: String
    /// So much of a text counts; nil: all. What is stopped or killed stops at another word.
    var textLength: Int?
    /// `POST /fork`: calls that Reprise never makes, which are passed over with the sessions that they made; `session.viewed`: words of
    /// frames that only such a call makes.
    var passesOver: [String] = []
    var moments: [Int: Moment] = [:]
    /// It is the managed background service.
    var isService = false
    /// Where files that had been changed make a model's call end otherwise.
    var choose: (@Sendable (_ prompt: String) -> Script?)?

    init(_ name: String, _ textLength: Int? = nil) {
        self.name = name
        self.textLength = textLength
    }

    var testDescription: String { name }

    /// The same, changed.
    func with(_ change: (inout RecordedCase) -> Void) -> RecordedCase {
        var copy = self
        change(&copy)
        return copy
    }

    func prepare(_ options: inout ScriptedOptions) {
        options.isService = isService
        options.password = "dev"
    }
}

/// Why a scripted agent does not play a recording.
struct LeftOutRecording: Sendable, CustomTestStringConvertible {
    enum Reason: Sendable {
        /// It is about these calls. Reprise never makes them, and the agent does not know them.
        case calls([String])
        /// It is about this, which a scripted agent has not.
        case world(String)
    }

    let name: String
    let reason: Reason
    var testDescription: String { name }
}
