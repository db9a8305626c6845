// How the server dies, and what it makes of it when it is there again. SIGKILL says and saves nothing: what was open is closed by the next
// execution. SIGTERM saves what was said, after the streams were cut. A managed service goes on by itself with all that has no end, and also
// with what a person declined.

import Wire

extension ScriptedAgent2 {
    public mutating func die(_ death: ScriptedDeath, newPID pid: Int, now: Int64) {
        if death == .terminate { for session in core.running { save(session, now) } }
        core.options.pid = pid
        core.frames = []
        core.running = []
        core.schedule.clearAll()
        for id in sessions.keys {
            if let row = sessions[id]?.openRow { sessions[id]?.rows[row].isStale = true }
            sessions[id]?.run = nil
            sessions[id]?.permissions = []
            sessions[id]?.forms = []
        }
        guard options.isService else { return }
        for session in sessions.values.filter(\.isUnsettled).sorted(by: { $0.id > $1.id }) {
            beginRun(of: session.id, at: now)
            sessions[session.id]?.run?.isResumed = true
        }
    }

    /// More than was streamed: what the model has said since.
    private mutating func save(_ session: String, _ now: Int64) {
        for part in sessions[session]?.run?.openParts ?? [] {
            if let said = core.schedule.nextDelta(of: part.key, session) { hear(Array(said.utf8), part.key, session) }
        }
        failAsked(session, now)
        decline("Tool execution interrupted", session, now)
    }

    /// Nobody has told what became of what a killed server left.
    mutating func closeStale(_ session: String, _ time: Int64) {
        for (place, row) in (sessions[session]?.rows ?? []).enumerated() {
            guard row.isStale else { continue }
            for (index, content) in row.content.enumerated() {
                guard case .tool(var tool) = content, tool.isOpen else { continue }
                let error = Self.error("aborted", "Tool execution interrupted: \(tool.call.tool.name)")
                tool.state = .error(error)
                tool.completed = time
                sessions[session]?.rows[place].content[index] = .tool(tool)
                emit("session.tool.failed", of: session, at: time, .durable(version: 2)) { data in
                    data.member("sessionID", session)
                    data.member("assistantMessageID", row.id)
                    data.member("id", tool.call.id)
                    data.member("error", raw: error)
                    data.member("executed", false)
                }
            }
            sessions[session]?.rows[place].completed = time
            sessions[session]?.rows[place].isStale = false
        }
    }

    /// A row that neither a person nor the model wrote.
    mutating func addSynthetic(_ text: String, description: String? = nil, _ session: String, _ time: Int64) {
        let event = emit("session.synthetic", of: session, at: time) { data in
            data.member("sessionID", session)
            data.member("text", text)
            data.member("description", description)
        }
        sessions[session]?.rows.append(
            ScriptedRow(id: "msg_" + event.dropFirst("evt_".utf8.count), created: time, kind: .synthetic(text, description: description)))
    }

    /// The provider's stream is gone: what was said stays, and another message goes on from it.
    mutating func breakOff(_ how: ScriptBreak, _ session: String, _ time: Int64) {
        let (milliseconds, error) =
            switch how {
            case .cut(let milliseconds):
                (
                    milliseconds,
                    Self.error(
                        "provider.transport",
                        "ECONNRESET: The socket connection was closed unexpectedly. For more information, pass `verbose: true` in the second argument to fetch()",
                        status: 200)
                )
            case .unfinished: (2000, Self.error("provider.invalid-output", "OpenAI Chat stream ended without finish_reason", status: 200))
            }
        for part in sessions[session]?.run?.openParts ?? [] { endPart(part.key, part.text, session, time) }
        endStream(session, time)
        closeStep(error, session, time) { _ in }
        sessions[session]?.run?.attempts += 1
        tellRetry((sessions[session]?.run?.attempts ?? 1) + 1, milliseconds, error, session, time)
        sessions[session]?.run?.message = ""
        plan(.goOnAfterBreak, of: session, at: time + pace(Int64(milliseconds), session))
    }

    mutating func goOnAfterBreak(_ session: String, _ time: Int64) {
        let text = "The previous response was interrupted. Continue from where you left off without repeating completed content."
        addSynthetic(text, session, time)
        answer(text, session, time + pace(25, session))
    }

    public mutating func sayUnknown(_ type: String, of session: String?, bytes: Int, now: Int64) {
        let frame = JSONWriter.object { frame in
            frame.member("id", core.identifiers.next("evt_", at: now))
            frame.member("created", Int(now))
            frame.member("type", type)
            frame.key("data")
            frame.object { data in
                data.member("sessionID", session)
                data.member("filler", String(repeating: "x", count: bytes))
            }
        }
        core.frames += Array("data: ".utf8) + frame + Array("\n\n".utf8)
    }
}
