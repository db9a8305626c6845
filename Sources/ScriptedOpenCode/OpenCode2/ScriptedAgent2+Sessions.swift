// Sessions: made, listed, changed, deleted.

import Wire

extension ScriptedAgent2 {
    private static let newestFirst: @Sendable (ScriptedSession2, ScriptedSession2) -> Bool = {
        ($0.updated, $0.created, $1.id) > ($1.updated, $1.created, $0.id)
    }

    mutating func create(_ request: ScriptedRequest, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        let body = try request.body()
        let named = body["id"] == nil ? nil : try body.text("id")
        if let named, !named.hasPrefix("ses") { throw .invalid("Expected a string starting with \"ses\"\n  at [\"id\"]") }
        if let named, let known = sessions[named] { return .data(known.json) }
        let directory = body["location"]?["directory"]?.string ?? options.directory
        guard directory.hasPrefix("/") else { return .status(500) }
        let id = named ?? core.identifiers.next("ses_", at: now, falling: true)
        var session = ScriptedSession2(id: id, directory: directory, parent: nil, created: now)
        session.title = body["title"]?.string
        session.agent = body["agent"]?.string
        session.model = body["model"].map { Array($0.raw) }
        session.metadata = body["metadata"].map { Array($0.raw) }
        add(session, at: now)
        return .data(session.json)
    }

    mutating func add(_ session: ScriptedSession2, at time: Int64) {
        sessions[session.id] = session
        emit("session.created", of: session.id, at: time) { [version] data in
            data.member("sessionID", session.id)
            data.member("slug", "scripted-session")
            data.member("version", version)
            data.member("projectID", ScriptedSession2.project)
            data.member("parentID", session.parent)
            data.key("location")
            data.object { $0.member("directory", session.directory) }
            data.member("subpath", "")
            data.member("title", session.title)
            data.member("agent", session.agent)
            data.member("model", raw: session.model)
            data.member("metadata", raw: session.metadata)
        }
    }

    func list(_ request: ScriptedRequest) throws(ScriptedProblem) -> ScriptedReply {
        let limit = try request.limit(50, atMost: 1000)
        let cursor = try ScriptedCursor.read(request.query("cursor"))
        var found = sessions.values.filter { session in
            let parent = request.query("parentID").map { $0 == "null" ? session.parent == nil : session.parent == $0 } ?? true
            let place = (request.query("directory") ?? request.query("location[directory]")).map { $0 == session.directory } ?? true
            let search = request.query("search").map { (session.title ?? "").lowercased().contains($0.lowercased()) } ?? true
            return parent && place && search
        }
        found.sort(by: Self.newestFirst)
        let isRising = cursor?.isRising ?? (request.query("order") == "asc")
        if isRising { found.reverse() }
        let page = ScriptedCursor.page(of: found, limit, cursor, id: \.id)
        return ScriptedCursor.reply(page.map { ($0.id, $0.json) }, isRising: isRising)
    }

    var active: [UInt8] {
        JSONWriter.object { writer in
            for id in core.running {
                writer.key(named: id)
                writer.object { $0.member("type", "running") }
            }
        }
    }

    mutating func patch(_ request: ScriptedRequest, _ id: String, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        let body = try request.body()
        if body["title"] != nil { setTitle(try body.text("title"), of: id, at: now) }
        if let metadata = body["metadata"] {
            sessions[id]?.metadata = Array(metadata.raw)
            sessions[id]?.updated = now
            emit("session.metadata.updated", of: id, at: now) { data in
                data.member("sessionID", id)
                data.member("metadata", metadata)
            }
        }
        return .done
    }

    /// A busy session is stopped first.
    mutating func delete(_ id: String, _ now: Int64) -> ScriptedReply {
        if sessions[id]?.run != nil { interrupt(id, resume: false, now) }
        emit("session.deleted", of: id, at: now, .durable(version: 2), isLocated: false) { $0.member("sessionID", id) }
        sessions[id] = nil
        prompts = prompts.filter { $0.value.session != id }
        return .done
    }

    mutating func selectAgent(_ request: ScriptedRequest, _ id: String, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        let agent = try request.body().text("agent")
        let previous = sessions[id]?.agent
        sessions[id]?.agent = agent
        let event = emit("session.agent.selected", of: id, at: now) { data in
            data.member("sessionID", id)
            data.member("agent", agent)
            data.member("previous", previous)
        }
        addRow(of: event, .agentSwitched(agent, previous: previous), to: id, at: now)
        remind(of: agent, after: previous, id, now)
        return .done
    }

    /// A row that an event makes has that event's id.
    private mutating func addRow(of event: String, _ kind: ScriptedRow.Kind, to session: String, at now: Int64) {
        sessions[session]?.rows.append(ScriptedRow(id: "msg_" + event.dropFirst(4), created: now, kind: kind))
    }

    mutating func selectModel(_ request: ScriptedRequest, _ id: String, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        guard let model = try request.body()["model"], model.isObject else { throw .invalid("Missing key\n  at [\"model\"]") }
        _ = try model.text("id")
        _ = try model.text("providerID")
        let previous = sessions[id]?.model
        sessions[id]?.model = JSONWriter.object { writer in
            writer.member("id", model["id"])
            writer.member("providerID", model["providerID"])
            writer.member("variant", model["variant"]?.string ?? "default")
        }
        let event = emit("session.model.selected", of: id, at: now) { data in
            data.member("sessionID", id)
            data.member("model", model)
            data.member("previous", raw: previous)
        }
        addRow(of: event, .modelSwitched(Array(model.raw), previous: previous), to: id, at: now)
        return .done
    }

    /// The log is an oracle: it tells its newest sequence number and nothing else.
    func log(_ request: ScriptedRequest, _ id: String) throws(ScriptedProblem) -> ScriptedReply {
        let session = try session(id)
        if let after = request.query("after"), Int(after) == nil { throw .invalid("Expected an integer\n  at [\"after\"]", kind: "Query") }
        let frame = "data: {\"type\":\"log.synced\",\"aggregateID\":\"\(id)\",\"seq\":\(session.sequence)}\n\n"
        if request.query("follow") == "true" { return .silence(opening: Array(frame.utf8)) }
        return .answer(ScriptedAnswer(status: 200, type: "text/event-stream", body: Array(frame.utf8)))
    }
}
