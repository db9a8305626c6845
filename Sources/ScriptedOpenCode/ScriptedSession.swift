// A session of the scripted agent: its row, its messages as REST gives them, what it asks, and the run that plays.

import Wire

struct ScriptedSession: Sendable {
    let id: String
    let directory: String
    let parent: String?
    let created: Int64
    var title: String?
    var updated: Int64
    var sequence = -1
    var outcome: String?
    var outputTokens = 0
    /// Oldest first; the last may be open.
    var rows: [ScriptedRow] = []
    var inbox: [(id: String, text: String)] = []
    var permissions: [ScriptedRequest] = []
    var forms: [ScriptedRequest] = []
    var run: ScriptedRun?
    var isDeleted = false

    var info: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("projectID", "scripted")
            writer.member("parentID", parent)
            writer.member("cost", 0)
            writer.key("tokens")
            Self.tokens(&writer, outputTokens)
            writer.member("outcome", outcome)
            writer.key("time")
            writer.object { time in
                time.member("created", Int(created))
                time.member("updated", Int(updated))
            }
            writer.member("title", title)
            writer.key("location")
            writer.object { $0.member("directory", directory) }
        }
    }

    static func tokens(_ writer: inout JSONWriter, _ output: Int) {
        writer.object { tokens in
            tokens.member("input", 100)
            tokens.member("output", output)
            tokens.member("reasoning", 0)
            tokens.key("cache")
            tokens.object { cache in
                cache.member("read", 0)
                cache.member("write", 0)
            }
        }
    }
}

/// A permission or a form that waits.
struct ScriptedRequest: Sendable {
    let id: String
    let object: [UInt8]
}

/// One row of the message list.
struct ScriptedRow: Sendable {
    enum Kind: Sendable {
        case user(String)
        case assistant
        case idle(String)
    }

    let id: String
    let created: Int64
    let kind: Kind
    var content: [ScriptedContent] = []
    var completed: Int64?
    var finish: String?
    var error: [UInt8]?

    var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.key("time")
            writer.object { time in
                time.member("created", Int(created))
                time.member("completed", completed.map { Int($0) })
            }
            switch kind {
            case .user(let text):
                writer.member("type", "user")
                writer.member("text", text)
            case .idle(let outcome):
                writer.member("type", "idle")
                writer.member("outcome", outcome)
            case .assistant: assistant(&writer)
            }
        }
    }

    private func assistant(_ writer: inout JSONWriter) {
        writer.member("type", "assistant")
        writer.member("agent", "build")
        writer.key("model")
        writer.object { model in
            model.member("id", "scripted")
            model.member("providerID", "scripted")
        }
        writer.key("content")
        writer.array { list in for part in content { list.raw(part.json) } }
        writer.member("cost", 0)
        writer.key("tokens")
        ScriptedSession.tokens(&writer, 10)
        writer.member("finish", finish)
        writer.member("error", raw: error)
    }
}

/// One entry of an assistant's `content[]`.
enum ScriptedContent: Sendable {
    /// `kind`: text or reasoning. Empty until it ends, as the real server's.
    case words(kind: String, text: String)
    case tool(id: String, name: String, input: String, state: String, output: String, created: Int64)

    var json: [UInt8] {
        JSONWriter.object { writer in
            switch self {
            case .words(let kind, let text):
                writer.member("type", kind)
                writer.member("text", text)
            case .tool(let id, let name, let input, let state, let output, let created):
                writer.member("type", "tool")
                writer.member("id", id)
                writer.member("name", name)
                writer.member("executed", false)
                writer.key("state")
                writer.object { inner in Self.state(&inner, state, input, output) }
                writer.key("time")
                writer.object { $0.member("created", Int(created)) }
            }
        }
    }

    private static func state(_ writer: inout JSONWriter, _ state: String, _ input: String, _ output: String) {
        writer.member("status", state)
        writer.member("input", raw: Array(input.utf8))
        switch state {
        case "completed":
            writer.key("content")
            writer.array { list in
                list.object { text in
                    text.member("type", "text")
                    text.member("text", output)
                }
            }
            writer.member("metadata", raw: Array(#"{"truncated":false}"#.utf8))
        case "error":
            writer.key("error")
            writer.object { error in
                error.member("type", "aborted")
                error.member("message", output)
            }
        default: writer.member("metadata", raw: Array("{}".utf8))
        }
    }
}
