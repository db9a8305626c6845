// What can happen within a round of a script.

/// One thing that the model does, or that happens to it.
public enum ScriptStep: Sendable, Equatable {
    case reason(String)
    case say(String)
    /// Code point by code point.
    case spell(String)
    /// Word by word, without a pause.
    case burst(String)
    /// So many deltas of about 300 bytes, numbered from `first`, as fast as they are taken.
    case flood(first: Int, count: Int)
    case tool(ScriptTool)
    case question(header: String, String, options: [ScriptOption])
    /// A child session that is given `prompt`; the round goes on when it has answered.
    case subagent(description: String, prompt: String)
    /// The model says nothing for so long.
    case pause(milliseconds: Int)
    /// The provider refuses before any output and is asked again after so long.
    case retry(milliseconds: Int, ScriptFailure)
    /// The provider refuses for good: the turn fails.
    case fail(ScriptFailure)
    /// The provider's stream breaks off; the next round is the next try. The last step of its round.
    case breakOff(ScriptBreak)
}

/// How a provider refuses.
public struct ScriptFailure: Sendable, Equatable {
    public var type: String
    public var message: String
    public var status: Int

    public init(type: String, message: String = "scripted failure", status: Int) {
        self.type = type
        self.message = message
        self.status = status
    }
}

/// How a provider's stream breaks off.
public enum ScriptBreak: Sendable, Equatable {
    /// The connection is reset; it is tried again after so long.
    case cut(milliseconds: Int)
    /// Well-formed, but without a reason to finish.
    case unfinished
}

/// What can be chosen as an answer.
public struct ScriptOption: Sendable, Equatable {
    public var label: String
    public var description: String

    public init(_ label: String, _ description: String) {
        self.label = label
        self.description = description
    }
}
