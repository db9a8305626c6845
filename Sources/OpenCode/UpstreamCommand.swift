// What people ask of an agent, as the seam carries it: one command, its ids, its outcome.

import RelayProtocol

/// Something to do upstream.
public enum UpstreamCommand: Sendable, Equatable {
    case create(directory: String, title: String?, agent: String?, model: ModelChoice?)
    /// `parts` is a JSON array of prompt parts: `{"type":"text","text"}`, `{"type":"file","mime","name"?,"url"}`.
    case prompt(session: String, directory: String?, parts: [UInt8], agent: String?, model: ModelChoice?)
    case stop(session: String, directory: String?)
    /// `reply` is `once`, `always` or `reject`. `prompts`: the ids of the prompts of the turn that asked.
    case permission(session: String, directory: String?, id: String, reply: String, message: String?, prompts: [String])
    /// `answer` is a JSON object `{key: value}`; nil rejects.
    case question(session: String, directory: String?, id: String, answer: [UInt8]?, prompts: [String])
}

public struct ModelChoice: Sendable, Equatable {
    public var provider: String
    public var id: String
    public var variant: String?

    public init(provider: String, id: String, variant: String? = nil) {
        self.provider = provider
        self.id = id
        self.variant = variant
    }
}

/// How a command went.
public enum CommandResult: Sendable, Equatable {
    /// `result` is a JSON object: of a create `{"id":…}`, of a prompt `{"message":…}`, of a stop `{"stopped":bool}`, else `{}`.
    case done(result: [UInt8])
    /// Upstream said no, for good: a stable code (`session_gone`, `already_answered`, `upstream_refused` …) and a sentence.
    case refused(code: String, detail: String)
    /// It may or may not have happened, and sending it again could do it twice: the user decides.
    case uncertain(detail: String)
    /// Of a reply: nothing waits for it any more. The card was withdrawn, or answered: where an earlier try may have arrived, perhaps by that.
    case notAsked
}

extension CommandResult {
    static let sessionGone = refused(code: ProblemCode.sessionGone.rawValue, detail: "OpenCode has no such session")
    static let alreadyAnswered = refused(code: ProblemCode.alreadyAnswered.rawValue, detail: nothingWaits)
    public static let nothingWaits = "nothing waits for this answer any more"
    static let empty = done(result: Array("{}".utf8))
}
