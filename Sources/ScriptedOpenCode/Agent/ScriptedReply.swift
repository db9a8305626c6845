// What a scripted agent answers to one request.

import Wire

public struct ScriptedAnswer: Sendable, Equatable {
    public var status: Int
    /// Empty: an answer without a body.
    public var type: String
    public var headers: [String: String]
    public var body: [UInt8]

    public init(status: Int, type: String = "", headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.type = type
        self.headers = headers
        self.body = body
    }
}

public indirect enum ScriptedReply: Sendable, Equatable {
    case answer(ScriptedAnswer)
    /// The event stream: begin with `opening`, then every frame from now on.
    case events(opening: [UInt8])
    /// A stream that says this once and then nothing for ever.
    case silence(opening: [UInt8])
    /// The reply, so much later.
    case later(milliseconds: Int64, ScriptedReply)
    /// None: the connection is cut.
    case cut

    static let done = status(204)
    static let nowhere = status(404)
    static let page = ScriptedReply.answer(
        ScriptedAnswer(status: 200, type: "text/html", body: Array("<!doctype html><title>OpenCode</title>\n".utf8)))

    static func status(_ status: Int) -> ScriptedReply { .answer(ScriptedAnswer(status: status)) }

    static func json(_ body: [UInt8], status: Int = 200, headers: [String: String] = [:]) -> ScriptedReply {
        .answer(ScriptedAnswer(status: status, type: "application/json", headers: headers, body: body))
    }
}

/// A refusal.
struct ScriptedProblem: Error, Sendable {
    let reply: ScriptedReply
}
