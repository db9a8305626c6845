// Prompts. The 204 comes before anything is stored; the same ids again are an upsert. What waits when a step is over is taken up together:
// only the last one gets an answer.

import Wire

extension ScriptedAgent1 {
    /// From the 204 to the message.
    private static let storing: Int64 = 5

    mutating func prompt(_ request: ScriptedRequest, _ session: String, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        guard let body = request.json, body.isObject else { throw .unexpected }
        try Self.check(body)
        core.schedule.plan(.store(body), of: session, at: now + Self.storing, aside: true)
        return .done
    }

    /// A message that nobody answers, given back. (With an answer this call waits for it: nobody here asks for that.)
    mutating func note(_ request: ScriptedRequest, _ session: String, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        guard let body = request.json, body["noReply"]?.bool == true else { throw .unexpected }
        try Self.check(body)
        store(body, session, now)
        return .json(sessions[session]?.newestPrompt?.json ?? [])
    }

    private static func check(_ body: JSONValue) throws(ScriptedProblem) {
        if let id = body["messageID"]?.string, !id.hasPrefix("msg") {
            throw .bad("Expected a string starting with \"msg\", got \"\(id)\"\n  at [\"messageID\"]")
        }
        guard let parts = body["parts"], parts.isArray else { throw .bad("Expected array\n  at [\"parts\"]") }
        for (place, part) in parts.items.enumerated() {
            guard let type = part["type"]?.string, ["text", "file", "agent", "subtask"].contains(type) else {
                throw .bad("Expected a part\n  at [\"parts\"][\(place)]")
            }
            if let id = part["id"]?.string, !id.hasPrefix("prt") {
                throw .bad("Expected a string starting with \"prt\", got \"\(id)\"\n  at [\"parts\"][\(place)][\"id\"]")
            }
        }
    }

    mutating func store(_ body: JSONValue, _ session: String, _ time: Int64) {
        guard let row = sessions[session], !row.isDeleted else { return }
        let agent = body["agent"]?.string ?? row.agent ?? "build"
        guard Self.agents.contains(agent) else { return refuse(agent, session, time) }
        let variant = body["variant"]?.string
        let model = Self.model(body["model"], idName: "modelID", variant: variant) ?? row.model ?? .standard
        select(agent, model, session, time)
        let id = body["messageID"]?.string ?? core.identifiers.next("msg_", at: time)
        // An id is global: its parts land where it was first.
        let owner = sessions.values.first { $0.place(of: id) != nil }?.id ?? session
        let isNew = put(id, agent, model, owner, time)
        for part in body["parts"]?.items ?? [] {
            for stored in Self.stored(part, in: row.directory) { put(stored, in: id, owner, time) }
        }
        sessions[session]?.updated = time
        tellRow(session, time)
        guard body["noReply"]?.bool != true else { return }
        wake(session, with: isNew || sessions[session]?.newestPrompt?.id != id || !isTakenUp(id, session) ? id : nil, time)
    }

    /// It has its answer, or will have it.
    private func isTakenUp(_ prompt: String, _ session: String) -> Bool {
        guard let row = sessions[session] else { return false }
        return row.waiting.contains(prompt) || row.run?.prompt == prompt || row.messages.contains { $0.parent == prompt }
    }

    /// Accepted, and never stored.
    private mutating func refuse(_ agent: String, _ session: String, _ time: Int64) {
        let known = Self.agents.sorted().joined(separator: ", ")
        tell(error: Self.unknownError("Agent not found: \"\(agent)\". Available agents: \(known)"), of: session, time)
        tell(error: Self.unknownError("UnknownError: UnknownError\n    at SessionPrompt.createUserMessage"), of: session, time)
    }

    private mutating func select(_ agent: String, _ model: ScriptedModel1, _ session: String, _ time: Int64) {
        guard sessions[session]?.agent != agent || sessions[session]?.model != model else { return }
        sessions[session]?.agent = agent
        sessions[session]?.model = model
        tellRow(session, time)
    }

    /// False for a message that was there: it keeps its place.
    private mutating func put(_ id: String, _ agent: String, _ model: ScriptedModel1, _ session: String, _ time: Int64) -> Bool {
        let known = sessions[session]?.place(of: id)
        if let known {
            sessions[session]?.messages[known].created = time
            sessions[session]?.messages[known].isSummed = false
        } else {
            sessions[session]?.messages.append(
                ScriptedMessage1(id: id, session: session, role: .user, created: time, agent: agent, model: model))
        }
        tell(message: id, of: session, time)
        return known == nil
    }

    private mutating func put(_ given: JSONValue, in message: String, _ session: String, _ time: Int64) {
        guard let place = sessions[session]?.place(of: message) else { return }
        let part = ScriptedPart1(id: given["id"]?.string ?? core.identifiers.next("prt_", at: time), body: .given(given))
        if let known = sessions[session]?.messages[place].parts.firstIndex(where: { $0.id == part.id }) {
            sessions[session]?.messages[place].parts[known] = part
        } else {
            sessions[session]?.messages[place].parts.append(part)
        }
        tell(part, of: message, session, time)
    }

    /// - Parameter prompt: nil for one that has its answer, or its place, already.
    mutating func wake(_ session: String, with prompt: String?, _ time: Int64) {
        if let prompt { sessions[session]?.waiting.append(prompt) }
        guard sessions[session]?.run == nil, !core.running.contains(session) else { return }
        core.running.append(session)
        sessions[session]?.run = ScriptedRun()
        plan(.beginExecution, of: session, at: time + pace(4, session))
    }

    static func unknownError(_ message: String) -> [UInt8] { error("UnknownError") { $0.member("message", message) } }

    static func error(_ name: String, _ data: (inout JSONWriter) -> Void) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("name", name)
            writer.key("data")
            writer.object { data(&$0) }
        }
    }
}
