// Tool calls: input, question or permission, work, result. The step ends when the last of them has a result.

import Wire

extension ScriptedAgent2 {
    mutating func beginInput(_ call: ScriptedCall, _ session: String, _ time: Int64) {
        guard let row = sessions[session]?.openRow else { return }
        sessions[session]?.rows[row].content.append(.tool(ScriptedToolContent(call: call, created: time)))
        sessions[session]?.run?.calls.append(call)
        emitInMessage("session.tool.input.started", of: session, at: time) { data in
            data.member("id", call.id)
            data.member("name", call.tool.name)
        }
    }

    mutating func endInput(_ id: String, _ session: String, _ time: Int64) {
        guard let call = call(id, session) else { return }
        update(id, session) { content in
            content.ran = time
            content.state = .running
        }
        emitInMessage("session.tool.input.ended", of: session, at: time) { data in
            data.member("id", id)
            data.member("text", call.tool.spokenInput)
        }
        emitInMessage("session.tool.called", of: session, at: time) { data in
            data.member("id", id)
            data.member("input", raw: Array(call.tool.input.utf8))
            data.member("executed", false)
        }
    }

    mutating func startCalls(_ session: String, _ time: Int64) {
        for call in sessions[session]?.run?.calls ?? [] {
            switch call.work {
            case .question(let header, let text, let options): ask(header, text, options, call.id, session, time)
            case .tool where call.tool.ask.map({ !core.isAllowed($0) }) ?? false: askPermission(call, session, time)
            case .tool, .subagent: plan(.work(id: call.id), of: session, at: time)
            }
        }
    }

    private mutating func askPermission(_ call: ScriptedCall, _ session: String, _ time: Int64) {
        guard let ask = call.tool.ask, let message = sessions[session]?.run?.message else { return }
        let id = core.identifiers.next("per_", at: time)
        let permission = ScriptedPermission(id: id, session: session, message: message, call: call.id, ask: ask)
        sessions[session]?.permissions.append(permission)
        emit("permission.asked", of: session, at: time, .volatile) { permission.write(to: &$0) }
    }

    private mutating func ask(_ header: String, _ text: String, _ options: [ScriptOption], _ call: String, _ session: String, _ time: Int64)
    {
        guard let message = sessions[session]?.run?.message else { return }
        let id = core.identifiers.next("frm_", at: time)
        let form = ScriptedForm(id: id, session: session, message: message, call: call, header: header, question: text, options: options)
        sessions[session]?.forms.append(form)
        emit("form.created", of: session, at: time, .volatile) { $0.member("form", raw: form.json()) }
    }

    mutating func work(_ id: String, _ session: String, _ time: Int64) {
        guard let call = call(id, session) else { return }
        if case .subagent(let description, let prompt) = call.work { return beginChild(description, prompt, id, session, time) }
        if call.tool.name == "shell" { beginShell(call, session, time) }
        plan(.finish(id: id), of: session, at: time + pace(Int64(call.tool.milliseconds), session))
    }

    private mutating func beginShell(_ call: ScriptedCall, _ session: String, _ time: Int64) {
        let shell = core.identifiers.next("sh_", at: time)
        if let place = sessions[session]?.run?.calls.firstIndex(where: { $0.id == call.id }) {
            sessions[session]?.run?.calls[place].shell = shell
        }
        let directory = sessions[session]?.directory
        let command = (try? JSON.parse(Array(call.tool.input.utf8)))?["command"]
        emit("shell.created", of: session, at: time, .volatile) { data in
            data.key("info")
            data.object { info in
                info.member("id", shell)
                info.member("status", "running")
                info.member("command", command)
                info.member("cwd", directory)
                info.member("shell", "/bin/bash")
                info.key("metadata")
                info.object { $0.member("sessionID", session) }
                info.key("time")
                info.object { $0.member("started", Int(time)) }
            }
        }
        progress(call.id, session, time) { $0.member("shellID", shell) }
    }

    private mutating func progress(_ id: String, _ session: String, _ time: Int64, _ metadata: (inout JSONWriter) -> Void) {
        emitInMessage("session.tool.progress", of: session, at: time, .volatile) { data in
            data.member("id", id)
            data.key("metadata")
            data.object { metadata(&$0) }
        }
    }

    private mutating func beginChild(_ description: String, _ prompt: String, _ call: String, _ session: String, _ time: Int64) {
        guard let directory = sessions[session]?.directory else { return }
        let id = core.identifiers.next("ses_", at: time, falling: true)
        var child = ScriptedSession2(id: id, directory: directory, parent: session, created: time)
        child.title = description
        child.agent = "general"
        add(child, at: time)
        if let place = sessions[session]?.run?.calls.firstIndex(where: { $0.id == call }) {
            sessions[session]?.run?.calls[place].child = id
        }
        progress(call, session, time) { data in
            data.member("sessionID", id)
            data.member("status", "running")
        }
        let payload = JSONWriter.object { $0.member("text", Self.subagentPreface + prompt) }
        guard let value = try? JSON.parse(payload) else { return }
        enqueue(
            ScriptedInboxItem(id: core.identifiers.next("msg_", at: time), session: id, created: time, payload: value, delivery: "steer"),
            time)
        beginRun(of: id, at: time)
    }

    /// The child's answer is the result of the call that waits for it.
    mutating func childEnded(_ child: String, _ parent: String, _ time: Int64) {
        guard let call = sessions[parent]?.run?.calls.first(where: { $0.child == child }) else { return }
        plan(.finish(id: call.id), of: parent, at: time)
    }

    mutating func finishCall(_ id: String, _ session: String, _ time: Int64) {
        guard let call = call(id, session) else { return }
        if let shell = call.shell { tellExit(of: shell, code: 0, session, time) }
        if let failure = call.tool.failure { return settle(failing: call, Self.error("tool.execution", failure), session, time) }
        succeed(
            call, output: output(of: call), metadata: call.child.map(Self.metadata(ofChild:)) ?? Array(call.tool.metadata.utf8), session,
            time)
    }

    mutating func tellExit(of shell: String, code: Int?, _ session: String, _ time: Int64) {
        emit("shell.exited", of: session, at: time, .volatile) { data in
            data.member("id", shell)
            data.member("exit", code)
            data.member("status", "exited")
        }
    }

    private static func metadata(ofChild id: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("sessionID", id)
            writer.member("status", "completed")
            writer.member("truncated", false)
        }
    }

    private func output(of call: ScriptedCall) -> String {
        guard let child = call.child else { return call.tool.output }
        let texts = sessions[child]?.rows.flatMap(\.content).compactMap {
            if case .words(let words) = $0, words.kind == .text { words.text } else { nil }
        }
        return "<subagent sessionID=\"\(child)\" state=\"completed\">\n\(texts?.last ?? "")\n</subagent>"
    }

    mutating func succeed(_ call: ScriptedCall, output: String, metadata: [UInt8], _ session: String, _ time: Int64) {
        update(call.id, session) { content in
            content.completed = time
            content.state = .completed(output: output)
            content.metadata = metadata
        }
        sessions[session]?.run?.files += call.tool.files
        emitInMessage("session.tool.success", of: session, at: time, .durable(version: 2)) { data in
            data.member("id", call.id)
            data.key("content")
            ScriptedToolContent.write(output: output, to: &data)
            data.member("metadata", raw: metadata)
            data.member("executed", false)
        }
        settled(call.id, session, time)
    }

    /// One call fails and the step goes on.
    mutating func settle(failing call: ScriptedCall, _ error: [UInt8], _ session: String, _ time: Int64) {
        fail(call, error, session, time)
        settled(call.id, session, time)
    }

    mutating func fail(_ call: ScriptedCall, _ error: [UInt8], _ session: String, _ time: Int64) {
        let metadata = Self.told(of: call)
        update(call.id, session) { content in
            content.completed = time
            content.state = .error(error)
            content.metadata = metadata
        }
        emitInMessage("session.tool.failed", of: session, at: time, .durable(version: 2)) { data in
            data.member("id", call.id)
            data.member("error", raw: error)
            data.member("metadata", raw: metadata)
            data.member("executed", false)
        }
    }

    /// What `tool.progress` has told of it.
    private static func told(of call: ScriptedCall) -> [UInt8]? {
        if let shell = call.shell { return JSONWriter.object { $0.member("shellID", shell) } }
        guard let child = call.child else { return nil }
        return JSONWriter.object { writer in
            writer.member("sessionID", child)
            writer.member("status", "running")
        }
    }

    private mutating func settled(_ id: String, _ session: String, _ time: Int64) {
        sessions[session]?.run?.calls.removeAll { $0.id == id }
        guard sessions[session]?.run?.calls.isEmpty == true else { return }
        plan(.endStep, of: session, at: time + pace(30, session))
    }

    func call(_ id: String, _ session: String) -> ScriptedCall? { sessions[session]?.run?.calls.first { $0.id == id } }

    private mutating func update(_ id: String, _ session: String, _ change: (inout ScriptedToolContent) -> Void) {
        guard let row = sessions[session]?.openRow, let contents = sessions[session]?.rows[row].content else { return }
        for place in contents.indices {
            guard case .tool(var content) = contents[place], content.call.id == id else { continue }
            change(&content)
            sessions[session]?.rows[row].content[place] = .tool(content)
        }
    }
}
