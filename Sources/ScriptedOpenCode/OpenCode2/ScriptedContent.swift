// One entry of an assistant's `content[]`.

import Wire

enum ScriptedContent: Sendable {
    case words(ScriptedWords)
    case tool(ScriptedToolContent)

    var json: [UInt8] {
        switch self {
        case .words(let words): words.json
        case .tool(let tool): tool.json
        }
    }
}

struct ScriptedWords: Sendable {
    let kind: ScriptedPartKey.Kind
    let created: Int64
    /// Empty until it ends, as the real server's.
    var text = ""
    var completed: Int64?

    var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("type", kind.rawValue)
            writer.member("text", text)
            guard kind == .reasoning else { return }
            writer.member("state", raw: Array(#"{"reasoningField":"reasoning_content"}"#.utf8))
            writer.key("time")
            writer.object { time in
                time.member("created", Int(created))
                time.member("completed", completed.map { Int($0) })
            }
        }
    }
}

struct ScriptedToolContent: Sendable {
    enum State: Sendable {
        case streaming
        case running
        case completed(output: String)
        /// JSON.
        case error([UInt8])
    }

    let call: ScriptedCall
    let created: Int64
    var ran: Int64?
    var completed: Int64?
    var state = State.streaming
    /// JSON.
    var metadata: [UInt8]?

    var isOpen: Bool {
        switch state {
        case .streaming, .running: true
        case .completed, .error: false
        }
    }

    var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("type", "tool")
            writer.member("id", call.id)
            writer.member("name", call.tool.name)
            writer.member("executed", false)
            writer.key("state")
            writer.object { inner in writeState(&inner) }
            writer.key("time")
            writer.object { time in
                time.member("created", Int(created))
                time.member("ran", ran.map { Int($0) })
                time.member("completed", completed.map { Int($0) })
            }
        }
    }

    private func writeState(_ writer: inout JSONWriter) {
        let input = Array(call.tool.input.utf8)
        switch state {
        case .streaming:
            writer.member("status", "streaming")
            writer.member("input", "")
        case .running:
            writer.member("status", "running")
            writer.member("input", raw: input)
            writer.member("metadata", raw: Array("{}".utf8))
        case .completed(let output):
            writer.member("status", "completed")
            writer.member("input", raw: input)
            writer.key("content")
            Self.write(output: output, to: &writer)
            writer.member("metadata", raw: metadata)
        case .error(let error):
            writer.member("status", "error")
            writer.member("input", raw: input)
            writer.member("error", raw: error)
            writer.member("metadata", raw: metadata)
        }
    }

    /// The list of one text that a tool's result is.
    static func write(output: String, to writer: inout JSONWriter) {
        writer.array { list in
            list.object { text in
                text.member("type", "text")
                text.member("text", output)
            }
        }
    }
}
