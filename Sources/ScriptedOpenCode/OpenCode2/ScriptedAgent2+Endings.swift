// How executions end. A decline (`shutdown`) writes nothing to the session; every other end leaves an idle row.

import Wire

enum ScriptedEnding {
    case succeeded
    /// With the error, JSON.
    case failed([UInt8])
    case interrupted
    case declined
}

extension ScriptedAgent2 {
    static func error(_ type: String, _ message: String, status: Int? = nil) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("type", type)
            writer.member("message", message)
            writer.member("status", status)
        }
    }

    mutating func endExecution(_ ending: ScriptedEnding, _ session: String, _ time: Int64) {
        sessions[session]?.run = nil
        if case .declined = ending {} else { sessions[session]?.isUnsettled = false }
        core.running.removeAll { $0 == session }
        core.schedule.clear(session)
        switch ending {
        case .succeeded: end("session.execution.succeeded", "succeeded", session, time) { _ in }
        case .failed(let error): end("session.execution.failed", "failed", session, time) { $0.member("error", raw: error) }
        case .interrupted: end("session.execution.interrupted", "interrupted", session, time) { $0.member("reason", "user") }
        case .declined: end("session.execution.interrupted", nil, session, time) { $0.member("reason", "shutdown") }
        }
        if let parent = sessions[session]?.parent { childEnded(session, parent, time) }
    }

    private mutating func end(
        _ type: StaticString, _ outcome: String?, _ session: String, _ time: Int64, _ fields: (inout JSONWriter) -> Void
    ) {
        let event = emit(type, of: session, at: time, isLocated: false) { data in
            data.member("sessionID", session)
            fields(&data)
        }
        guard let outcome else { return }
        sessions[session]?.outcome = outcome
        sessions[session]?.idle = time
        let row = ScriptedRow(id: "msg_" + event.dropFirst("evt_".utf8.count), created: time, kind: .idle(outcome: outcome))
        sessions[session]?.rows.append(row)
    }

    /// A person stops the session, and with it its children.
    mutating func interrupt(_ session: String, resume: Bool, _ time: Int64) {
        abort("Tool execution interrupted", session, time)
        endExecution(.interrupted, session, time)
        for child in sessions.values.filter({ $0.parent == session && $0.run != nil }).map(\.id) { interrupt(child, resume: false, time) }
        if resume, sessions[session]?.inbox.contains(where: { $0.delivery == "steer" }) == true {
            beginRun(of: session, at: time)
            sessions[session]?.run?.isSteered = true
        }
    }

    /// A person declines what was asked: the turn ends without an outcome.
    mutating func decline(_ message: String, _ session: String, _ time: Int64) {
        abort(message, session, time)
        endExecution(.declined, session, time)
    }

    /// Closes what is open, in the order of the real server: texts with what was heard, the stream, questions, calls, the step.
    private mutating func abort(_ message: String, _ session: String, _ time: Int64) {
        core.schedule.clear(session)
        // While a retry waits there is no step to close: the message stays open for ever.
        if let row = sessions[session]?.openRow, sessions[session]?.rows[row].retry != nil {
            sessions[session]?.rows[row].retry = nil
            return
        }
        for part in sessions[session]?.run?.openParts ?? [] { endPart(part.key, part.text, session, time) }
        let wasStreaming = sessions[session]?.run?.isStreaming == true
        if wasStreaming { endStream(session, time) }
        for form in sessions[session]?.forms.filter({ $0.state == .pending }) ?? [] { cancel(form, time) }
        sessions[session]?.permissions = []
        abortCalls(message, session, time)
        closeAborted(wasStreaming: wasStreaming, session, time)
    }

    private mutating func abortCalls(_ message: String, _ session: String, _ time: Int64) {
        for call in sessions[session]?.run?.calls ?? [] {
            if let shell = call.shell { tellExit(of: shell, code: nil, session, time) }
            let child = call.child.map { " (sessionID: \($0))" } ?? ""
            fail(call, Self.error("aborted", message + child), session, time)
        }
    }

    /// Tokens are told only of a step whose stream was over.
    mutating func closeAborted(wasStreaming: Bool, _ session: String, _ time: Int64) {
        guard let row = sessions[session]?.openRow else { return }
        let tokens = wasStreaming ? nil : ScriptedTokens(input: 100, output: sessions[session]?.run?.words ?? 0)
        let error = Self.error("aborted", "Step interrupted")
        sessions[session]?.rows[row].tokens = tokens
        closeStep(error, session, time) { data in
            guard let tokens else { return }
            data.member("rawFinish", "tool_calls")
            data.member("cost", 0)
            data.key("tokens")
            tokens.write(to: &data)
        }
        if let tokens { emitUsage(of: session, at: time, input: tokens.input, output: tokens.output) }
    }

    /// The provider has refused.
    mutating func failStep(_ failure: ScriptFailure, _ session: String, _ time: Int64) {
        let error = Self.error(failure.type, failure.message, status: failure.status)
        closeStep(error, session, time) { _ in }
        endExecution(.failed(error), session, time)
    }

    mutating func closeStep(_ error: [UInt8], _ session: String, _ time: Int64, _ fields: (inout JSONWriter) -> Void) {
        if let row = sessions[session]?.openRow {
            sessions[session]?.rows[row].error = error
            sessions[session]?.rows[row].finish = "error"
            sessions[session]?.rows[row].completed = time
        }
        emitInMessage("session.step.failed", of: session, at: time) { data in
            data.member("error", raw: error)
            fields(&data)
            data.member("snapshot", ScriptedRow.snapshot)
            data.member("files", strings: [])
        }
    }
}
