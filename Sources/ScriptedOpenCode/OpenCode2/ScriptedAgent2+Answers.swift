// What people answer: permissions and questions.

import Wire

extension ScriptedAgent2 {
    func permission(_ id: String, _ session: String) throws(ScriptedProblem) -> ScriptedPermission {
        guard id.hasPrefix("per") else { throw .invalid("Expected a string starting with \"per\"\n  at [\"requestID\"]", kind: "Params") }
        guard let found = sessions[session]?.permissions.first(where: { $0.id == id }) else { throw .noPermission(id) }
        return found
    }

    /// Of one session, or of all.
    func permissionsJSON(of session: String?) -> [UInt8] {
        let asked = session.map { sessions[$0]?.permissions ?? [] } ?? sessions.values.sorted { $0.id > $1.id }.flatMap(\.permissions)
        return JSONWriter.list(asked.map { permission in JSONWriter.object { permission.write(to: &$0) } })
    }

    func formsJSON(of session: String?) -> [UInt8] {
        let asked = session.map { sessions[$0]?.forms ?? [] } ?? sessions.values.sorted { $0.id > $1.id }.flatMap(\.forms)
        return JSONWriter.list(asked.filter { $0.state == .pending }.map { $0.json() })
    }

    mutating func reply(toPermission id: String, _ request: ScriptedRequest, _ session: String, _ now: Int64) throws(ScriptedProblem)
        -> ScriptedReply
    {
        let body = try request.body()
        let decision = try body.text("decision")
        let permission = try permission(id, session)
        switch decision {
        case "once": allow(permission, decision, now)
        case "always":
            for rule in ScriptedRule.all(of: permission.ask) where !core.rules.contains(where: { $0.rule == rule }) {
                core.rules.append((core.identifiers.next("psv_", at: now), rule))
            }
            allow(permission, decision, now)
        case "reject" where body["message"] != nil: objectTo(permission, now)
        case "reject": reject(session, now)
        default: throw .invalid("Expected \"once\" | \"always\" | \"reject\"\n  at [\"decision\"]")
        }
        return .done
    }

    mutating func replied(_ permission: ScriptedPermission, _ decision: String, _ now: Int64) {
        sessions[permission.session]?.permissions.removeAll { $0.id == permission.id }
        emit("permission.replied", of: permission.session, at: now, .volatile) { data in
            data.member("sessionID", permission.session)
            data.member("requestID", permission.id)
            data.member("reply", decision)
        }
    }

    private mutating func allow(_ permission: ScriptedPermission, _ decision: String, _ now: Int64) {
        replied(permission, decision, now)
        plan(.work(id: permission.call), of: permission.session, at: now + pace(8, permission.session))
    }

    /// With a reason the tool fails and the turn goes on.
    private mutating func objectTo(_ permission: ScriptedPermission, _ now: Int64) {
        replied(permission, "reject", now)
        guard let call = call(permission.call, permission.session) else { return }
        let path = (try? JSON.parse(Array(call.tool.input.utf8)))?["path"]?.string
        let error = Self.error("tool.execution", "Unable to \(permission.ask.action) \(path ?? permission.ask.resources.first ?? "")")
        settle(failing: call, error, permission.session, now)
    }

    /// Without one everything that the session asks is declined, and the turn ends.
    private mutating func reject(_ session: String, _ now: Int64) {
        for permission in sessions[session]?.permissions ?? [] { replied(permission, "reject", now) }
        decline("The user declined this tool call", session, now)
    }

    func form(_ id: String, _ session: String) throws(ScriptedProblem) -> ScriptedForm {
        guard let found = sessions[session]?.forms.first(where: { $0.id == id }) else { throw .noForm(id) }
        return found
    }

    mutating func reply(toForm id: String, _ request: ScriptedRequest, _ session: String, _ now: Int64) throws(ScriptedProblem)
        -> ScriptedReply
    {
        guard let answer = try request.body()["answer"], answer.isObject else { throw .invalid("Expected Form.Answer\n  at [\"answer\"]") }
        let form = try form(id, session)
        guard form.state == .pending else { throw .settled(id) }
        for (key, value) in answer.members {
            let fault =
                key != ScriptedForm.field ? "Unknown form field: \(key)" : value.isString ? nil : "Expected string for form field: \(key)"
            if let fault { throw .wrongAnswer(fault, id) }
        }
        set(.answered(Array(answer.raw)), form)
        emit("form.replied", of: session, at: now, .volatile) { data in
            data.member("id", id)
            data.member("sessionID", session)
            data.member("answer", answer)
        }
        answered(form, answer.member("q0")?.string, now)
        return .done
    }

    private mutating func answered(_ form: ScriptedForm, _ chosen: String?, _ now: Int64) {
        guard let call = call(form.call, form.session) else { return }
        let output =
            "User has answered your questions: \"\(form.question)\"=\"\(chosen ?? "Unanswered")\". You can now continue with the user's answers in mind."
        let metadata = JSONWriter.object { writer in
            writer.key("answers")
            writer.array { list in list.array { inner in if let chosen { inner.string(chosen) } } }
            writer.member("truncated", false)
        }
        succeed(call, output: output, metadata: metadata, form.session, now)
    }

    mutating func dismiss(form id: String, _ session: String, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        let form = try form(id, session)
        guard form.state == .pending else { throw .settled(id) }
        cancel(form, now)
        decline("The user dismissed this question", session, now)
        return .done
    }

    mutating func cancel(_ form: ScriptedForm, _ time: Int64) {
        set(.cancelled, form)
        emit("form.cancelled", of: form.session, at: time, .volatile) { data in
            data.member("id", form.id)
            data.member("sessionID", form.session)
        }
    }

    private mutating func set(_ state: ScriptedForm.State, _ form: ScriptedForm) {
        guard let place = sessions[form.session]?.forms.firstIndex(where: { $0.id == form.id }) else { return }
        sessions[form.session]?.forms[place].state = state
    }

    var rulesJSON: [UInt8] {
        JSONWriter.list(
            core.rules.map { saved in
                JSONWriter.object { writer in
                    writer.member("id", saved.id)
                    writer.member("projectID", ScriptedSession2.project)
                    writer.member("action", saved.rule.action)
                    writer.member("resource", saved.rule.resource)
                }
            })
    }

    mutating func forget(_ id: String) -> ScriptedReply {
        core.rules.removeAll { $0.id == id }
        return .done
    }
}
