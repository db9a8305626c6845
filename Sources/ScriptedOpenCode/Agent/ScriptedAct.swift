// The smallest thing that happens at one moment.

import Wire

enum ScriptedAct: Sendable {
    // What a model and its tools do: from the timeline.
    case beginStep
    case beginPart(ScriptedPartKey)
    case delta(ScriptedPartKey, String)
    case flood(ScriptedFlood)
    case endPart(ScriptedPartKey, text: String)
    case beginInput(ScriptedCall)
    case endInput(id: String)
    case endStream
    case startCalls
    case retry(attempt: Int, milliseconds: Int, ScriptFailure)
    case fail(ScriptFailure)
    /// The provider's stream is reset, or ends without a reason; the round is over.
    case breakOff(ScriptBreak)

    // What the server does.
    /// A prompt's body becomes a message.
    case store(JSONValue)
    case beginExecution
    case instruct
    /// The first prompts of a run leave the inbox.
    case deliver
    case rename(String)
    case work(id: String)
    case progress(id: String, number: Int)
    case finish(id: String)
    case endStep
    case closeMessage
    case sumUp(prompt: String)
    case sumUpPrompt(String)
    case nextRound
    case goOnAfterBreak
    case interrupt(resume: Bool)
    case settleAbort
    case settleFailure(String)
    /// Planned for a directory, not for a session. 1.18 only.
    case tellDisposed
    /// Calls that a killed server left open. 2.x only.
    case closeStale
    /// What a step asked was answered by nobody: it is over, and the next begins. 2.x only.
    case breakStep

    var flood: ScriptedFlood? { if case .flood(let flood) = self { flood } else { nil } }
}

/// Deltas of one part, as fast as they are taken.
struct ScriptedFlood: Sendable {
    let key: ScriptedPartKey
    var next: Int
    let end: Int
}

/// A text or a reasoning of a message, counted by kind.
struct ScriptedPartKey: Sendable, Hashable {
    enum Kind: String, Sendable { case text, reasoning }

    let kind: Kind
    let ordinal: Int
}
