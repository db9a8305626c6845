// One row of a session's message list.

import Wire

struct ScriptedRow: Sendable {
    enum Kind: Sendable {
        /// With the prompt's payload.
        case user(JSONValue)
        case assistant(agent: String, model: [UInt8])
        case idle(outcome: String)
        case agentSwitched(String, previous: String?)
        case modelSwitched([UInt8], previous: [UInt8]?)
        case synthetic(String, description: String?)
    }

    let id: String
    let created: Int64
    let kind: Kind
    var content: [ScriptedContent] = []
    var streamed: Int64?
    var completed: Int64?
    var finish: String?
    var tokens: ScriptedTokens?
    var files: [String] = []
    /// A killed server left it open.
    var isStale = false
    /// JSON.
    var error: [UInt8]?
    /// JSON: the provider is asked again at some time.
    var retry: [UInt8]?

    static let snapshot = "0cf23bcf761a8b1cec9a76a72cf6a13b4f3fa269"

    /// The row's `type`.
    var type: String {
        switch kind {
        case .user: "user"
        case .assistant: "assistant"
        case .idle: "idle"
        case .agentSwitched: "agent-switched"
        case .modelSwitched: "model-switched"
        case .synthetic: "synthetic"
        }
    }

    var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.key("time")
            writer.object { time in
                time.member("created", Int(created))
                time.member("streamed", streamed.map { Int($0) })
                time.member("completed", completed.map { Int($0) })
            }
            writer.member("type", type)
            switch kind {
            case .user(let payload): for (key, value) in payload.members { Self.member(key, value, &writer) }
            case .idle(let outcome): writer.member("outcome", outcome)
            case .agentSwitched(let agent, let previous):
                writer.member("agent", agent)
                writer.member("previous", previous)
            case .modelSwitched(let model, let previous):
                writer.member("model", raw: model)
                writer.member("previous", raw: previous)
            case .synthetic(let text, let description):
                writer.member("text", text)
                writer.member("description", description)
            case .assistant(let agent, let model): assistant(agent, model, &writer)
            }
        }
    }

    private static func member(_ key: String, _ value: JSONValue, _ writer: inout JSONWriter) {
        writer.key(named: key)
        writer.raw(value.raw)
    }

    private func assistant(_ agent: String, _ model: [UInt8], _ writer: inout JSONWriter) {
        writer.member("agent", agent)
        writer.member("model", raw: model)
        writer.key("content")
        writer.array { list in for part in content { list.raw(part.json) } }
        writer.key("snapshot")
        writer.object { snapshot in
            snapshot.member("start", Self.snapshot)
            guard completed != nil else { return }
            snapshot.member("end", Self.snapshot)
            snapshot.member("files", strings: files)
        }
        writer.member("finish", finish)
        if let tokens {
            writer.member("rawFinish", finish == "stop" ? "stop" : "tool_calls")
            writer.member("cost", 0)
            writer.key("tokens")
            tokens.write(to: &writer)
        }
        writer.member("error", raw: error)
        writer.member("retry", raw: retry)
    }
}
