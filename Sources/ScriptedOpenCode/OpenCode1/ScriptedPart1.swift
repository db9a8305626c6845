// A part of a message of 1.18. A text that streams is empty until it ends: what was said of it so far is nowhere but on the stream.

import Wire

struct ScriptedPart1: Sendable {
    enum Body: Sendable {
        /// As the prompt brought it: its members, JSON.
        case given(JSONValue)
        case words(ScriptedPartKey.Kind, text: String, start: Int64, end: Int64?)
        case tool(ScriptedToolState1)
        case stepStart
        case stepFinish(reason: String, ScriptedTokens1)
        case patch(files: [String])
    }

    let id: String
    var body: Body

    var text: String? {
        guard case .given(let part) = body, part["type"]?.says("text") == true else { return nil }
        return part["text"]?.string
    }

    func json(of message: String, _ session: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("id", id)
            writer.member("messageID", message)
            writer.member("sessionID", session)
            write(&writer)
        }
    }

    private func write(_ writer: inout JSONWriter) {
        switch body {
        case .given(let part):
            for (key, value) in part.members where key != "id" {
                writer.key(named: key)
                writer.raw(value.raw)
            }
        case .words(let kind, let text, let start, let end):
            writer.member("type", kind.rawValue)
            writer.member("text", text)
            writer.key("time")
            writer.object { time in
                time.member("start", Int(start))
                time.member("end", end.map { Int($0) })
            }
        case .tool(let tool): tool.write(to: &writer)
        case .stepStart:
            writer.member("type", "step-start")
            writer.member("snapshot", ScriptedAgent1.snapshot)
        case .stepFinish(let reason, let tokens):
            writer.member("type", "step-finish")
            writer.member("reason", reason)
            writer.member("snapshot", ScriptedAgent1.snapshot)
            writer.key("tokens")
            tokens.write(to: &writer)
            writer.member("cost", 0)
        case .patch(let files):
            writer.member("type", "patch")
            writer.member("hash", ScriptedAgent1.snapshot)
            writer.member("files", strings: files)
        }
    }
}

struct ScriptedToolState1: Sendable {
    enum Stage: Sendable {
        case pending
        /// With what it tells of itself, JSON.
        case running(metadata: [UInt8]?)
        case completed(output: String, metadata: [UInt8])
        case error(String, isInterrupted: Bool)
    }

    let call: ScriptedCall
    var stage = Stage.pending
    var start: Int64 = 0
    var end: Int64?

    func write(to writer: inout JSONWriter) {
        writer.member("type", "tool")
        if case .pending = stage {
            writer.member("tool", call.tool.calledAs ?? call.tool.name)
        } else {
            writer.member("tool", call.tool.name)
        }
        writer.member("callID", call.id)
        writer.key("state")
        writer.object { state in writeState(&state) }
    }

    private func writeState(_ state: inout JSONWriter) {
        switch stage {
        case .pending:
            state.member("status", "pending")
            state.member("input", raw: Array("{}".utf8))
            return state.member("raw", "")
        case .running(let metadata):
            state.member("status", "running")
            if case .subagent = call.work { state.member("title", call.tool.title) }
            state.member("metadata", raw: metadata)
        case .completed(let output, let metadata):
            state.member("status", "completed")
            state.member("output", output)
            state.member("metadata", raw: metadata)
            state.member("title", call.tool.title)
        case .error(let text, let isInterrupted):
            state.member("status", "error")
            state.member("error", text)
            if isInterrupted { state.member("metadata", raw: Array(#"{"interrupted":true}"#.utf8)) }
        }
        state.member("input", raw: Array(call.tool.input.utf8))
        state.key("time")
        state.object { time in
            time.member("start", Int(start))
            time.member("end", end.map { Int($0) })
        }
    }
}
