// One entry of an assistant's `content[]`.

import Wire

enum ScriptedContent: Sendable {
    /// Empty until it ends, as the real server's.
    case words(ScriptedPartKey.Kind, text: String)
    case tool(ScriptedToolContent)

    var json: [UInt8] {
        switch self {
        case .words(let kind, let text):
            JSONWriter.object { writer in
                writer.member("type", kind.rawValue)
                writer.member("text", text)
            }
        case .tool(let tool): tool.json
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
            writer.member("input", call.tool.input)
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
