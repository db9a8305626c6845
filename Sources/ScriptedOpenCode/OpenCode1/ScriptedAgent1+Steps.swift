// One step: its tries, its parts, its end.

import Wire

extension ScriptedAgent1 {
    mutating func beginStep(_ session: String, _ time: Int64) {
        sessions[session]?.run?.isStreaming = true
        sessions[session]?.run?.hasOutput = false
        tell(status: Self.busy, of: session, time)
    }

    /// A part of the open message; its place is given back.
    @discardableResult
    private mutating func add(_ body: ScriptedPart1.Body, _ session: String, _ time: Int64) -> Int {
        guard let message = sessions[session]?.openMessage, let id = sessions[session]?.messages[message].id else { return 0 }
        let part = ScriptedPart1(id: core.identifiers.next("prt_", at: time), body: body)
        sessions[session]?.messages[message].parts.append(part)
        tell(part, of: id, session, time)
        return (sessions[session]?.messages[message].parts.count ?? 1) - 1
    }

    mutating func set(_ body: ScriptedPart1.Body, at place: Int, _ session: String, _ time: Int64) {
        guard let message = sessions[session]?.openMessage, let id = sessions[session]?.messages[message].id else { return }
        sessions[session]?.messages[message].parts[place].body = body
        if let part = sessions[session]?.messages[message].parts[place] { tell(part, of: id, session, time) }
    }

    func body(at place: Int, _ session: String) -> ScriptedPart1.Body? {
        guard let row = sessions[session], let message = row.openMessage else { return nil }
        return row.messages[message].parts[place].body
    }

    /// The first output of a try begins its step.
    private mutating func beginOutput(_ session: String, _ time: Int64) {
        guard sessions[session]?.run?.hasOutput == false else { return }
        sessions[session]?.run?.hasOutput = true
        add(.stepStart, session, time)
    }

    mutating func beginPart(_ key: ScriptedPartKey, _ session: String, _ time: Int64) {
        beginOutput(session, time)
        let place = add(.words(key.kind, text: "", start: time, end: nil), session, time)
        sessions[session]?.run?.openParts.append(ScriptedRun.OpenPart(key: key, place: place))
    }

    mutating func delta(_ key: ScriptedPartKey, _ text: String, _ session: String, _ time: Int64) {
        guard let frame = deltaFrame(key, text, session, time) else { return }
        hear(Array(text.utf8), key, session)
        core.frames += frame
    }

    /// An empty `text` is that of a flood: what was heard is all of it.
    mutating func endPart(_ key: ScriptedPartKey, _ text: String, _ session: String, _ time: Int64) {
        guard let part = sessions[session]?.run?.openParts.first(where: { $0.key == key }),
            case .words(let kind, _, let start, _) = body(at: part.place, session)
        else { return }
        sessions[session]?.run?.openParts.removeAll { $0.key == key }
        set(.words(kind, text: text.isEmpty ? part.text : text, start: start, end: time), at: part.place, session, time)
    }

    mutating func beginInput(_ call: ScriptedCall, _ session: String, _ time: Int64) {
        beginOutput(session, time)
        sessions[session]?.run?.calls.append(call)
        add(.tool(ScriptedToolState1(call: call)), session, time)
    }

    mutating func endStream(_ session: String, _ time: Int64) {
        sessions[session]?.run?.isStreaming = false
        endStepIfDone(session, time)
    }

    /// When the model has said all and every tool has its result.
    mutating func endStepIfDone(_ session: String, _ time: Int64) {
        guard let run = sessions[session]?.run, !run.isStreaming, run.calls.isEmpty, !run.isAborted else { return }
        plan(.endStep, of: session, at: time + pace(12, session))
    }

    mutating func endStep(_ session: String, _ time: Int64) {
        guard let row = sessions[session], let run = row.run, let message = row.openMessage else { return }
        let hasCalls = row.messages[message].parts.contains { if case .tool = $0.body { true } else { false } }
        let reason = run.isUnfinished ? "unknown" : hasCalls ? "tool-calls" : "stop"
        let tokens = run.isUnfinished ? ScriptedTokens1.none : ScriptedTokens1(input: 100, output: run.words)
        add(.stepFinish(reason: reason, tokens), session, time)
        sessions[session]?.messages[message].finish = reason
        sessions[session]?.messages[message].tokens = tokens
        sessions[session]?.inputTokens += tokens.input
        sessions[session]?.outputTokens += tokens.output
        tell(message: run.message, of: session, time)
        plan(.closeMessage, of: session, at: time + pace(14, session))
    }

    mutating func closeMessage(_ session: String, _ time: Int64) {
        guard let row = sessions[session], let run = row.run, let message = row.openMessage else { return }
        if !run.files.isEmpty { add(.patch(files: run.files), session, time) }
        sessions[session]?.messages[message].completed = time
        tell(message: run.message, of: session, time)
        sessions[session]?.run?.files = []
        sessions[session]?.run?.isUnfinished = false
        if run.isDeclined { return finish(session, time, summing: run.prompt) }
        goOn(session, time)
    }

    // Providers that do not hold out.

    mutating func tellRetry(_ attempt: Int, _ message: String, after milliseconds: Int, _ session: String, _ time: Int64) {
        let status = JSONWriter.object { writer in
            writer.member("type", "retry")
            writer.member("attempt", attempt)
            writer.member("message", message)
            writer.member("next", Int(time) + milliseconds)
        }
        tell(status: status, of: session, time)
    }

    /// After a cut the same message goes on, and its text stays empty for ever. An end without a reason is an end: the next message follows.
    mutating func breakOff(_ how: ScriptBreak, _ session: String, _ time: Int64) {
        switch how {
        case .cut(let milliseconds):
            sessions[session]?.run?.attempts += 1
            sessions[session]?.run?.openParts = []
            let attempt = sessions[session]?.run?.attempts ?? 1
            tellRetry(attempt, "Connection reset by server", after: milliseconds, session, time)
            plan(.nextRound, of: session, at: time + pace(Int64(milliseconds), session))
        case .unfinished:
            for part in sessions[session]?.run?.openParts ?? [] { endPart(part.key, "", session, time) }
            sessions[session]?.run?.isUnfinished = true
            endStream(session, time)
        }
    }

    mutating func fail(_ failure: ScriptFailure, _ session: String, _ time: Int64) {
        let error = Self.error("APIError") { data in
            data.member("message", failure.message)
            data.member("statusCode", failure.status)
            data.member("isRetryable", false)
            data.member("responseHeaders", raw: Array(#"{"content-type":"application/json"}"#.utf8))
            data.member(
                "responseBody", #"{"error": {"message": "\#(failure.message)", "type": "scripted", "code": \#(failure.status)}}"#)
            data.member("metadata", raw: Array(#"{"url":"http://127.0.0.1:9999/v1/chat/completions"}"#.utf8))
        }
        tell(error: error, of: session, time)
        tellIdle(session, time)
        plan(.settleFailure(String(decoding: error, as: UTF8.self)), of: session, at: time + pace(13, session))
    }

    mutating func settleFailure(_ error: [UInt8], _ session: String, _ time: Int64) {
        closeWith(error, session, time)
        tellIdle(session, time)
        endRun(session, time)
    }

    mutating func closeWith(_ error: [UInt8], _ session: String, _ time: Int64) {
        guard let message = sessions[session]?.openMessage, let id = sessions[session]?.messages[message].id else { return }
        sessions[session]?.messages[message].error = error
        sessions[session]?.messages[message].completed = time
        tell(message: id, of: session, time)
    }

    /// What a deleted session still had to write cannot be written.
    mutating func fallOver(_ session: String, _ time: Int64) {
        let failed =
            "Failed query: insert into \"part\" (\"id\", \"message_id\", \"session_id\", \"data\") values (?, ?, ?, ?)\nparams: \(session)"
        tell(error: Self.unknownError(failed), of: session, time)
        tellIdle(session, time)
        tellIdle(session, time)
        tell(error: Self.unknownError("EffectDrizzleQueryError: " + failed), of: session, time)
        endRun(session, time)
    }
}
