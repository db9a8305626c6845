// Prompts: durable when they are answered, waiting in the inbox until they are delivered, the same id always the same prompt.

import Wire

extension ScriptedAgent2 {
    mutating func prompt(_ request: ScriptedRequest, _ session: String, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        let body = try request.body()
        _ = try body.text("text")
        let delivery = body["delivery"] == nil ? "steer" : try body.text("delivery")
        guard delivery == "steer" || delivery == "queue" else { throw .invalid("Expected Session.Inbox.Delivery\n  at [\"delivery\"]") }
        let wakes = body["resume"]?.bool ?? true
        let id = body["id"] == nil ? core.identifiers.next("msg_", at: now) : try body.text("id")
        guard id.hasPrefix("msg_") else { throw .invalid("Expected a string starting with \"msg_\"\n  at [\"id\"]") }
        if let known = prompts[id] {
            guard known.session == session else {
                throw .conflict("Prompt message ID conflicts with an existing durable record: \(id)", id)
            }
            if wakes { beginRun(of: session, at: now) }
            return .data(known.json(delivery: delivery))
        }
        let item = ScriptedInboxItem(id: id, session: session, created: now, payload: try payload(body, of: session), delivery: delivery)
        enqueue(item, now)
        if wakes { beginRun(of: session, at: now) }
        return .data(item.json())
    }

    /// Files are read at once, and are in it.
    private func payload(_ body: JSONValue, of session: String) throws(ScriptedProblem) -> JSONValue {
        var files: [[UInt8]] = []
        for file in body["files"]?.items ?? [] { files.append(try Self.attached(file, in: directory(of: session))) }
        let bytes = JSONWriter.object { writer in
            writer.member("text", body["text"])
            if !files.isEmpty { writer.member("files", raw: JSONWriter.list(files)) }
            writer.member("agents", body["agents"])
            writer.member("metadata", body["metadata"])
        }
        do { return try JSON.parse(bytes) } catch { throw .invalid("Expected a valid JSON body") }
    }

    mutating func enqueue(_ item: ScriptedInboxItem, _ time: Int64) {
        prompts[item.id] = item
        sessions[item.session]?.inbox.append(item)
        sessions[item.session]?.updated = time
        emit("session.inbox.enqueued", of: item.session, at: time) { data in
            data.member("inboxID", item.id)
            data.member("sessionID", item.session)
            data.key("item")
            data.object { inner in
                inner.member("type", item.kind.rawValue)
                inner.member("payload", item.payload)
                inner.member("delivery", item.delivery)
            }
        }
    }

    mutating func redeliver(_ request: ScriptedRequest, _ session: String, _ id: String, _ now: Int64) throws(ScriptedProblem)
        -> ScriptedReply
    {
        let delivery = try request.body().text("delivery")
        guard let place = sessions[session]?.inbox.firstIndex(where: { $0.id == id }) else {
            throw .conflict("Pending input cannot change to \(delivery): \(id)", id)
        }
        sessions[session]?.inbox[place].delivery = delivery
        emit("session.inbox.delivery.changed", of: session, at: now, isLocated: false) { data in
            data.member("sessionID", session)
            data.member("inboxID", id)
            data.member("delivery", delivery)
        }
        return .done
    }

    /// A cancelled id may be used again.
    mutating func cancel(item id: String, _ session: String, _ now: Int64) -> ScriptedReply {
        guard let place = sessions[session]?.inbox.firstIndex(where: { $0.id == id }) else { return .done }
        sessions[session]?.inbox.remove(at: place)
        prompts[id] = nil
        emit("session.inbox.cancelled", of: session, at: now, isLocated: false) { data in
            data.member("sessionID", session)
            data.member("inboxID", id)
        }
        return .done
    }

    /// The answer comes before the events.
    mutating func interrupt(_ request: ScriptedRequest, _ session: String, _ now: Int64) -> ScriptedReply {
        let isRunning = sessions[session]?.run?.isAborted == false
        if isRunning {
            sessions[session]?.run?.isAborted = true
            core.schedule.clear(session)
            plan(.interrupt(resume: request.query("resume") == "true"), of: session, at: now + pace(10, session))
        }
        return .json(JSONWriter.object { $0.member("interrupted", isRunning) })
    }

    func messages(_ request: ScriptedRequest, _ session: ScriptedSession2) throws(ScriptedProblem) -> ScriptedReply {
        let limit = try request.limit(50, atMost: 200)
        let cursor = try ScriptedCursor.read(request.query("cursor"))
        if cursor != nil, request.query("order") != nil { throw .orderedCursor }
        let type = request.query("type")
        let rows = session.rows.filter { type == nil || $0.type == type }
        let isRising = cursor?.isRising ?? (request.query("order") == "asc")
        let page = ScriptedCursor.page(of: isRising ? rows : rows.reversed(), limit, cursor, id: \.id)
        return ScriptedCursor.reply(page.map { ($0.id, $0.json) }, isRising: isRising)
    }

    func message(_ id: String, _ session: ScriptedSession2) throws(ScriptedProblem) -> ScriptedReply {
        guard let row = session.rows.first(where: { $0.id == id }) else {
            throw .noMessage(id, session.id)
        }
        return .data(row.json)
    }
}
