// Tool calls. A tool runs, or asks, as soon as its arguments are whole, while the model may still be talking.

import Wire

extension ScriptedAgent1 {
    func call(_ id: String, _ session: String) -> ScriptedCall? { sessions[session]?.run?.calls.first { $0.id == id } }

    private func place(ofCall id: String, _ session: String) -> (place: Int, state: ScriptedToolState1)? {
        guard let row = sessions[session], let message = row.openMessage else { return nil }
        for (place, part) in row.messages[message].parts.enumerated() {
            if case .tool(let state) = part.body, state.call.id == id { return (place, state) }
        }
        return nil
    }

    private mutating func show(_ stage: ScriptedToolState1.Stage, _ id: String, _ session: String, _ time: Int64) {
        guard let found = place(ofCall: id, session) else { return }
        var state = found.state
        if case .pending = state.stage { state.start = time }
        state.stage = stage
        switch stage {
        case .completed, .error: state.end = time
        case .pending, .running: break
        }
        set(.tool(state), at: found.place, session, time)
    }

    mutating func startCall(_ id: String, _ session: String, _ time: Int64) {
        guard let call = call(id, session) else { return }
        switch call.work {
        case .question(let header, let text, let options):
            ask(header, text, options, id, session, time)
            show(.running(metadata: nil), id, session, time)
        case .subagent(let description, let prompt): beginChild(description, prompt, id, session, time)
        case .tool: startTool(call, session, time)
        }
    }

    private mutating func startTool(_ call: ScriptedCall, _ session: String, _ time: Int64) {
        let ask = call.tool.ask.flatMap { core.isAllowed($0) ? nil : $0 }
        // A shell's line is looked at before the tool begins.
        if let ask, ask.action == "bash" { askPermission(ask, call.id, session, time) }
        if let todos = call.tool.todos {
            sessions[session]?.todos = Array(todos.utf8)
            emit("todo.updated", of: session, at: time) { $0.member("todos", raw: Array(todos.utf8)) }
        }
        // A shell that nobody has to allow has its output from the start.
        let output = ask == nil && call.tool.name == "bash" ? call.tool.progress.first.map { Array($0.utf8) } : nil
        show(.running(metadata: output), call.id, session, time)
        if let ask, ask.action != "bash" { askPermission(ask, call.id, session, time) }
        if ask == nil { plan(.work(id: call.id), of: session, at: time) }
    }

    private mutating func askPermission(_ ask: ScriptTool.Ask, _ call: String, _ session: String, _ time: Int64) {
        guard let message = sessions[session]?.run?.message else { return }
        let id = core.identifiers.next("per_", at: time)
        let permission = ScriptedPermission(id: id, session: session, message: message, call: call, ask: ask)
        permissions.append(permission)
        emit("permission.asked", JSONWriter.object { permission.writeFirst(to: &$0) }, in: directory(of: session), at: time)
    }

    private mutating func ask(_ header: String, _ text: String, _ options: [ScriptOption], _ call: String, _ session: String, _ time: Int64)
    {
        guard let message = sessions[session]?.run?.message else { return }
        let id = core.identifiers.next("que_", at: time)
        let question = ScriptedQuestion1(
            id: id, session: session, message: message, call: call, header: header, text: text, options: options)
        questions.append(question)
        emit("question.asked", JSONWriter.object { question.write(to: &$0) }, in: directory(of: session), at: time)
    }

    mutating func work(_ id: String, _ session: String, _ time: Int64) {
        guard let call = call(id, session) else { return }
        tellEdits(of: call, session, time)
        let count = Int64(call.tool.progress.count)
        let length = pace(Int64(call.tool.milliseconds), session)
        for number in 0..<count { plan(.progress(id: id, number: Int(number)), of: session, at: time + length * number / max(1, count)) }
        plan(.finish(id: id), of: session, at: time + length)
    }

    private mutating func tellEdits(of call: ScriptedCall, _ session: String, _ time: Int64) {
        guard let file = call.tool.edits else { return }
        emit("file.edited", JSONWriter.object { $0.member("file", file) }, in: directory(of: session), at: time)
        let change = JSONWriter.object { data in
            data.member("file", file)
            data.member("event", call.tool.name == "write" ? "add" : "change")
        }
        emit("file.watcher.updated", change, in: directory(of: session), at: time)
    }

    mutating func progress(_ id: String, _ number: Int, _ session: String, _ time: Int64) {
        guard let call = call(id, session), number < call.tool.progress.count else { return }
        if let place = sessions[session]?.run?.calls.firstIndex(where: { $0.id == id }) {
            sessions[session]?.run?.calls[place].told = number + 1
        }
        show(.running(metadata: Array(call.tool.progress[number].utf8)), id, session, time)
    }

    mutating func finishCall(_ id: String, _ session: String, _ time: Int64) {
        guard let call = call(id, session) else { return }
        sessions[session]?.run?.files += call.tool.files
        if let failure = call.tool.failure { return settle(call, .error(failure, isInterrupted: false), session, time) }
        guard let child = call.child else {
            return settle(call, .completed(output: call.tool.output, metadata: Array(call.tool.metadata.utf8)), session, time)
        }
        let said = sessions[child]?.messages.flatMap(\.parts).compactMap { part in
            if case .words(.text, let text, _, _) = part.body { text } else { nil }
        }
        let output = "<task id=\"\(child)\" state=\"completed\">\n<task_result>\n\(said?.last ?? "")\n</task_result>\n</task>"
        settle(call, .completed(output: output, metadata: childMetadata(child, of: session, isDone: true)), session, time)
    }

    /// A call has its result.
    mutating func settle(_ call: ScriptedCall, _ stage: ScriptedToolState1.Stage, _ session: String, _ time: Int64) {
        sessions[session]?.run?.calls.removeAll { $0.id == call.id }
        show(stage, call.id, session, time)
        endStepIfDone(session, time)
    }

    // Children.

    private mutating func beginChild(_ description: String, _ prompt: String, _ call: String, _ session: String, _ time: Int64) {
        let id = core.identifiers.next("ses_", at: time, falling: true)
        var child = ScriptedSession1(
            id: id, directory: directory(of: session), parent: session, title: description + " (@general subagent)", created: time)
        child.agent = "general"
        child.permission = Array(#"[{"permission":"task","pattern":"*","action":"deny"}]"#.utf8)
        sessions[id] = child
        tellRow(id, time, as: "session.created")
        if let place = sessions[session]?.run?.calls.firstIndex(where: { $0.id == call }) {
            sessions[session]?.run?.calls[place].child = id
        }
        show(.running(metadata: childMetadata(id, of: session)), call, session, time)
        let body = JSONWriter.object { writer in
            writer.key("parts")
            writer.array { parts in
                parts.object { part in
                    part.member("type", "text")
                    part.member("text", prompt)
                }
            }
        }
        if let body = try? JSON.parse(body) { store(body, id, time) }
        show(.running(metadata: childMetadata(id, of: session)), call, session, time)
    }

    private func childMetadata(_ child: String, of session: String, isDone: Bool = false) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("parentSessionId", session)
            writer.member("sessionId", child)
            writer.member("model", raw: Array(#"{"modelID":"scripted","providerID":"mock"}"#.utf8))
            if isDone { writer.member("truncated", false) }
        }
    }

    /// The child's answer is the result of the call that waits for it.
    mutating func childEnded(_ child: String, _ parent: String, _ time: Int64) {
        guard let call = sessions[parent]?.run?.calls.first(where: { $0.child == child }) else { return }
        finishCall(call.id, parent, time)
    }
}
