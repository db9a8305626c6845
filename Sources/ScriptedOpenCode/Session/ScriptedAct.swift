// The smallest thing that a run does at one moment.

enum ScriptedAct: Sendable {
    case beginExecution
    case instruct
    /// The first prompts of a run leave the inbox.
    case deliver
    case rename(String)
    case beginStep
    case beginPart(ScriptedPartKey)
    case delta(ScriptedPartKey, String)
    case flood(ScriptedPartKey, next: Int, end: Int)
    case endPart(ScriptedPartKey, text: String)
    case beginInput(ScriptedCall)
    case endInput(id: String)
    case endStream
    case startCalls
    case work(id: String)
    case finish(id: String)
    case endStep
    case retry(attempt: Int, milliseconds: Int, ScriptFailure)
    case fail(ScriptFailure)
    case interrupt(resume: Bool)
}

/// A text or a reasoning of a message: 2.x counts them by kind.
struct ScriptedPartKey: Sendable, Hashable {
    enum Kind: String, Sendable { case text, reasoning }

    let kind: Kind
    let ordinal: Int
}
