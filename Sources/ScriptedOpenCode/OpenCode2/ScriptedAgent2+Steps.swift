// One step: its message, its parts, its end.

import Wire

extension ScriptedAgent2 {
    mutating func beginStep(_ session: String, _ time: Int64) {
        let agent = sessions[session]?.agent ?? "build"
        let model = sessions[session]?.model ?? Self.standardModel
        if sessions[session]?.openRow == nil {
            let message = core.identifiers.next("msg_", at: time)
            sessions[session]?.run?.message = message
            sessions[session]?.rows.append(ScriptedRow(id: message, created: time, kind: .assistant(agent: agent, model: model)))
        }
        if let row = sessions[session]?.openRow { sessions[session]?.rows[row].retry = nil }
        sessions[session]?.run?.isStreaming = true
        sessions[session]?.run?.files = []
        emit("session.step.started", of: session, at: time) { [message = sessions[session]?.run?.message] data in
            data.member("sessionID", session)
            data.member("agent", agent)
            data.member("model", raw: model)
            data.member("assistantMessageID", message)
            data.member("snapshot", ScriptedRow.snapshot)
            data.member("started", Int(time))
        }
    }

    mutating func retry(_ attempt: Int, _ milliseconds: Int, _ failure: ScriptFailure, _ session: String, _ time: Int64) {
        let retry = JSONWriter.object { writer in
            writer.member("attempt", attempt)
            writer.member("at", Int(time) + milliseconds)
            writer.member("error", raw: Self.error(failure.type, failure.message, status: failure.status))
        }
        if let row = sessions[session]?.openRow { sessions[session]?.rows[row].retry = retry }
        tell(retry, session, time)
    }

    /// Of a step that has failed already.
    mutating func tellRetry(_ attempt: Int, _ milliseconds: Int, _ error: [UInt8], _ session: String, _ time: Int64) {
        let retry = JSONWriter.object { writer in
            writer.member("attempt", attempt)
            writer.member("at", Int(time) + milliseconds)
            writer.member("error", raw: error)
        }
        if let row = sessions[session]?.openRow { sessions[session]?.rows[row].retry = retry }
        tell(retry, session, time)
    }

    private mutating func tell(_ retry: [UInt8], _ session: String, _ time: Int64) {
        let members = (try? JSON.parse(retry))?.members ?? []
        emitInMessage("session.retry.scheduled", of: session, at: time) { data in
            for (key, value) in members {
                data.key(named: key)
                data.raw(value.raw)
            }
        }
    }

    mutating func beginPart(_ key: ScriptedPartKey, _ session: String, _ time: Int64) {
        guard let row = sessions[session]?.openRow, let place = sessions[session]?.rows[row].content.count else { return }
        sessions[session]?.rows[row].content.append(.words(ScriptedWords(kind: key.kind, created: time)))
        sessions[session]?.run?.openParts.append(ScriptedRun.OpenPart(key: key, place: place))
        let isText = key.kind == .text
        emitInMessage(isText ? "session.text.started" : "session.reasoning.started", of: session, at: time) { data in
            data.member("ordinal", key.ordinal)
            if !isText { Self.writeReasoningState(&data) }
        }
    }

    mutating func delta(_ key: ScriptedPartKey, _ text: String, _ session: String, _ time: Int64) {
        guard let frame = deltaFrame(key, text, session, time) else { return }
        hear(Array(text.utf8), key, session)
        core.frames += frame
    }

    mutating func deltaFrame(_ key: ScriptedPartKey, _ text: String, _ session: String, _ time: Int64) -> [UInt8]? {
        guard let run = sessions[session]?.run, run.openParts.contains(where: { $0.key == key }) else { return nil }
        let type: StaticString = key.kind == .text ? "session.text.delta" : "session.reasoning.delta"
        return frame(type, core.identifiers.next("evt_", at: time), of: session, at: time, .volatile) { data in
            data.member("sessionID", session)
            data.member("assistantMessageID", run.message)
            data.member("ordinal", key.ordinal)
            data.member("delta", text)
        }
    }

    /// An empty `text` is that of a flood: what was heard is all of it.
    mutating func endPart(_ key: ScriptedPartKey, _ text: String, _ session: String, _ time: Int64) {
        guard let row = sessions[session]?.openRow, let part = sessions[session]?.run?.openParts.first(where: { $0.key == key }) else {
            return
        }
        let whole = text.isEmpty ? part.text : text
        sessions[session]?.run?.openParts.removeAll { $0.key == key }
        if case .words(var words) = sessions[session]?.rows[row].content[part.place] {
            words.text = whole
            words.completed = time
            sessions[session]?.rows[row].content[part.place] = .words(words)
        }
        let isText = key.kind == .text
        emitInMessage(isText ? "session.text.ended" : "session.reasoning.ended", of: session, at: time) { data in
            data.member("ordinal", key.ordinal)
            data.member("text", whole)
            if !isText { Self.writeReasoningState(&data) }
        }
    }

    private static func writeReasoningState(_ data: inout JSONWriter) {
        data.key("state")
        data.object { $0.member("reasoningField", "reasoning_content") }
    }

    mutating func endStream(_ session: String, _ time: Int64) {
        sessions[session]?.run?.isStreaming = false
        if let row = sessions[session]?.openRow { sessions[session]?.rows[row].streamed = time }
        emitInMessage("session.step.streamed", of: session, at: time)
    }

    mutating func endStep(_ session: String, _ time: Int64) {
        guard let state = sessions[session], let run = state.run, let row = state.openRow else { return }
        let goesOn = state.rows[row].content.contains { if case .tool = $0 { true } else { false } }
        let finish = goesOn ? "tool-calls" : "stop"
        let tokens = ScriptedTokens(input: 100, output: run.words)
        sessions[session]?.rows[row].finish = finish
        sessions[session]?.rows[row].tokens = tokens
        sessions[session]?.rows[row].files = run.files
        sessions[session]?.rows[row].completed = time
        emitInMessage("session.step.ended", of: session, at: time) { data in
            data.member("finish", finish)
            data.member("rawFinish", goesOn ? "tool_calls" : "stop")
            data.member("cost", 0)
            data.key("tokens")
            tokens.write(to: &data)
            data.member("snapshot", ScriptedRow.snapshot)
            data.member("files", strings: run.files)
        }
        emitUsage(of: session, at: time, input: tokens.input, output: tokens.output)
        sessions[session]?.run?.message = ""
        goOn(session, time)
    }
}
