// What people answer, and how they stop. A request outlives the run that asked: it stays listed, and approving it still runs its tool.

import Wire

extension ScriptedAgent1 {
    func permissionsJSON(in directory: String) -> [UInt8] {
        let asked = permissions.filter { self.directory(of: $0.session) == directory }
        return JSONWriter.list(asked.map { permission in JSONWriter.object { permission.writeFirst(to: &$0) } })
    }

    func questionsJSON(in directory: String) -> [UInt8] {
        let asked = questions.filter { self.directory(of: $0.session) == directory }
        return JSONWriter.list(asked.map { question in JSONWriter.object { question.write(to: &$0) } })
    }

    private static let yes = ScriptedReply.json(Array("true".utf8))

    mutating func reply(toPermission id: String, _ request: ScriptedRequest, field: StaticString, in directory: String, _ now: Int64)
        throws(ScriptedProblem) -> ScriptedReply
    {
        guard id.hasPrefix("per") else {
            throw .bad("Expected a string starting with \"per\", got \"\(id)\"\n  at [\"requestID\"]", kind: "Params")
        }
        guard let body = request.json, body.isObject else { throw .unexpected }
        guard let reply = body[field]?.string, ["once", "always", "reject"].contains(reply) else {
            throw .bad("Expected \"once\" | \"always\" | \"reject\"\n  at [\"\(field)\"]")
        }
        guard let permission = permissions.first(where: { $0.id == id }), self.directory(of: permission.session) == directory else {
            throw .noRequest("Permission", id)
        }
        if reply == "reject" {
            reject(permission, because: body["message"]?.string, now)
        } else {
            if reply == "always" {
                for rule in ScriptedRule.all(of: permission.ask) { core.rules.append((permission.id, rule)) }
            }
            allow(permission, reply, now)
        }
        return Self.yes
    }

    private mutating func replied(_ permission: ScriptedPermission, _ reply: String, _ now: Int64) {
        permissions.removeAll { $0.id == permission.id }
        emit("permission.replied", of: permission.session, at: now) { data in
            data.member("requestID", permission.id)
            data.member("reply", reply)
        }
    }

    /// Nil where the run that asked is over.
    private func live(_ call: String, _ session: String) -> ScriptedCall? {
        sessions[session]?.run?.isAborted == false ? self.call(call, session) : nil
    }

    private mutating func allow(_ permission: ScriptedPermission, _ reply: String, _ now: Int64) {
        replied(permission, reply, now)
        guard live(permission.call, permission.session) != nil else { return ghostsRun.append(permission.call) }
        plan(.work(id: permission.call), of: permission.session, at: now)
        guard reply == "always" else { return }
        for other in permissions where other.session == permission.session && core.isAllowed(other.ask) { allow(other, "always", now) }
    }

    /// Takes everything that the session asks with it. Without a reason the turn ends.
    private mutating func reject(_ permission: ScriptedPermission, because reason: String?, _ now: Int64) {
        let plain = "The user rejected permission to use this specific tool call."
        let others = permissions.filter { $0.session == permission.session && $0.id != permission.id }
        replied(permission, "reject", now)
        for other in others { replied(other, "reject", now) }
        let text = reason.map { "The user rejected permission to use this specific tool call with the following feedback: \($0)" }
        if reason == nil || !others.isEmpty { sessions[permission.session]?.run?.isDeclined = true }
        for (asked, error) in [(permission, text ?? plain)] + others.map({ ($0, plain) }) {
            guard let call = live(asked.call, asked.session) else { continue }
            settle(call, .error(error, isInterrupted: false), asked.session, now)
        }
    }

    mutating func reply(toQuestion id: String, _ verb: String, _ request: ScriptedRequest, in directory: String, _ now: Int64)
        throws(ScriptedProblem) -> ScriptedReply
    {
        guard id.hasPrefix("que") else {
            throw .bad("Expected a string starting with \"que\", got \"\(id)\"\n  at [\"requestID\"]", kind: "Params")
        }
        guard verb == "reply" || verb == "reject" else { return .page }
        guard let question = questions.first(where: { $0.id == id }), self.directory(of: question.session) == directory else {
            throw .noRequest("Question", id)
        }
        if verb == "reject" {
            dismiss(question, now)
        } else {
            guard let answers = request.json?["answers"], answers.isArray else { throw .bad("Expected array\n  at [\"answers\"]") }
            answer(question, answers, now)
        }
        return Self.yes
    }

    private mutating func answer(_ question: ScriptedQuestion1, _ answers: JSONValue, _ now: Int64) {
        questions.removeAll { $0.id == question.id }
        emit("question.replied", of: question.session, at: now) { data in
            data.member("requestID", question.id)
            data.member("answers", answers)
        }
        guard var call = live(question.call, question.session) else { return }
        let chosen = answers.items.first?.items.compactMap(\.string).joined(separator: ", ") ?? ""
        let output =
            "User has answered your questions: \"\(question.text)\"=\"\(chosen.isEmpty ? "Unanswered" : chosen)\". You can now continue with the user's answers in mind."
        let metadata = JSONWriter.object { writer in
            writer.member("answers", answers)
            writer.member("truncated", false)
        }
        call = titled(call, "Asked 1 question", question.session)
        settle(call, .completed(output: output, metadata: metadata), question.session, now)
    }

    /// The title of a question comes with its answer.
    private mutating func titled(_ call: ScriptedCall, _ title: String, _ session: String) -> ScriptedCall {
        guard let message = sessions[session]?.openMessage, let parts = sessions[session]?.messages[message].parts else { return call }
        var tool = call.tool
        tool.title = title
        let named = ScriptedCall(id: call.id, tool: tool, work: call.work)
        for (place, part) in parts.enumerated() {
            guard case .tool(let old) = part.body, old.call.id == call.id else { continue }
            let state = ScriptedToolState1(call: named, stage: old.stage, start: old.start, end: old.end)
            sessions[session]?.messages[message].parts[place].body = .tool(state)
        }
        return named
    }

    private mutating func dismiss(_ question: ScriptedQuestion1, _ now: Int64) {
        questions.removeAll { $0.id == question.id }
        emit("question.rejected", of: question.session, at: now) { $0.member("requestID", question.id) }
        guard let call = live(question.call, question.session) else { return }
        sessions[question.session]?.run?.isDeclined = true
        settle(call, .error("The user dismissed this question", isInterrupted: false), question.session, now)
    }

    // Stopping.

    private static let aborted = error("MessageAbortedError") { $0.member("message", "Aborted") }

    /// Idle is told first; what was open is closed after it, and only then the call is answered.
    mutating func abort(_ session: String, _ now: Int64) -> ScriptedReply {
        guard let run = sessions[session]?.run, !run.isAborted else {
            tellIdle(session, now)
            return Self.yes
        }
        core.schedule.clear(session)
        sessions[session]?.run?.isAborted = true
        tell(error: Self.aborted, of: session, now)
        tellIdle(session, now)
        for call in run.calls { if let child = call.child { _ = abort(child, now) } }
        let isAsking = run.calls.contains { $0.told == 0 && $0.child == nil }
        let wait: Int64 = isAsking ? 285 : 20
        plan(.settleAbort, of: session, at: now + wait)
        return .later(milliseconds: wait, Self.yes)
    }

    mutating func settleAbort(_ session: String, _ time: Int64) {
        guard let run = sessions[session]?.run else { return }
        for part in run.openParts { endPart(part.key, part.text, session, time) }
        for call in run.calls { settle(call, abortedStage(of: call), session, time) }
        closeWith(Self.aborted, session, time)
        tellIdle(session, time)
        sessions[session]?.waiting = []
        endRun(session, time)
    }

    /// A shell that ran keeps what it has printed.
    private func abortedStage(of call: ScriptedCall) -> ScriptedToolState1.Stage {
        guard call.told > 0, call.tool.name == "bash",
            let printed = (try? JSON.parse(Array(call.tool.progress[call.told - 1].utf8)))?["output"]?.string
        else { return .error("Tool execution aborted", isInterrupted: true) }
        let metadata = JSONWriter.object { writer in
            writer.member("output", printed)
            writer.member("exit", raw: Array("null".utf8))
            writer.member("truncated", false)
        }
        return .completed(output: printed + "\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>", metadata: metadata)
    }
}
