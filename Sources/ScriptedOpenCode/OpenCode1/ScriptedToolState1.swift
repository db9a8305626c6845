// A tool part of 1.18, as far as its call has come.

import Wire

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
