// Sessions: made, listed, changed, deleted.

import Wire

extension ScriptedAgent1 {
    mutating func create(_ request: ScriptedRequest, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        guard let body = request.json, body.isObject else { throw .unexpected }
        let id = core.identifiers.next("ses_", at: now, falling: true)
        var session = ScriptedSession1(
            id: id, directory: request.query("directory") ?? options.directory, parent: body["parentID"]?.string,
            title: body["title"]?.string, created: now)
        session.agent = body["agent"]?.string
        session.model = Self.model(body["model"], idName: "id")
        return add(session, now)
    }

    /// The route of 2.x's preview: the caller chooses the id, and an id that exists is given as it is.
    mutating func createNamed(_ request: ScriptedRequest, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        guard let body = request.json, body.isObject else { throw .unexpected }
        let named = body["id"]?.string
        if let named, !named.hasPrefix("ses") { throw .bad("Expected a string starting with \"ses\", got \"\(named)\"\n  at [\"id\"]") }
        if let named, let known = sessions[named], !known.isDeleted { return .json(known.json(version: version)) }
        let id = named ?? core.identifiers.next("ses_", at: now, falling: true)
        let directory = body["location"]?["directory"]?.string ?? options.directory
        var session = ScriptedSession1(id: id, directory: directory, title: nil, created: now)
        session.agent = body["agent"]?.string
        session.model = Self.model(body["model"], idName: "id")
        return add(session, now)
    }

    private mutating func add(_ session: ScriptedSession1, _ now: Int64) -> ScriptedReply {
        sessions[session.id] = session
        tellRow(session.id, now, as: "session.created")
        return .json(session.json(version: version))
    }

    static func model(_ body: JSONValue?, idName: StaticString, variant: String? = nil) -> ScriptedModel1? {
        guard let provider = body?["providerID"]?.string, let id = body?[idName]?.string else { return nil }
        return ScriptedModel1(provider: provider, id: id, variant: variant ?? body?["variant"]?.string)
    }

    private var newestFirst: [ScriptedSession1] {
        sessions.values.filter { !$0.isDeleted }.sorted { ($0.updated, $1.id) > ($1.updated, $0.id) }
    }

    func list(_ request: ScriptedRequest) throws(ScriptedProblem) -> ScriptedReply {
        let directory = request.query("directory") ?? options.directory
        let limit = request.query("limit").flatMap { Int($0) } ?? 100
        let search = request.query("search")?.lowercased()
        let found = newestFirst.filter { session in
            session.directory == directory && (request.query("roots") != "true" || session.parent == nil)
                && (search.map { session.title.lowercased().contains($0) } ?? true)
        }
        return .json(JSONWriter.list(found.prefix(limit).map { $0.json(version: version) }))
    }

    /// Of all directories; the cursor is a time.
    func listAll(_ request: ScriptedRequest) -> ScriptedReply {
        let limit = request.query("limit").flatMap { Int($0) } ?? 100
        let cursor = request.query("cursor").flatMap { Int64($0) } ?? .max
        let found = newestFirst.filter { $0.updated < cursor && ($0.archived == nil || request.query("archived") == "true") }
        return .json(JSONWriter.list(found.prefix(limit).map { $0.json(version: version) }))
    }

    func statuses(in directory: String) -> [UInt8] {
        JSONWriter.object { writer in
            for id in core.running {
                guard let session = sessions[id], session.directory == directory, let status = session.status else { continue }
                writer.key(named: id)
                writer.raw(status)
            }
        }
    }

    mutating func patch(_ request: ScriptedRequest, _ id: String, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        guard let body = request.json, body.isObject else { throw .unexpected }
        if let title = body["title"]?.string {
            sessions[id]?.title = title
            sessions[id]?.hasStandardTitle = false
        }
        if let metadata = body["metadata"] { sessions[id]?.metadata = Array(metadata.raw) }
        if let archived = body["time"]?["archived"]?.int { sessions[id]?.archived = archived }
        sessions[id]?.updated = now
        tellRow(id, now)
        return .json(sessions[id]?.json(version: version) ?? [])
    }

    /// Children go first. What runs is not stopped: it goes on until it has something to write.
    mutating func delete(_ id: String, _ now: Int64) -> ScriptedReply {
        for child in sessions.values.filter({ $0.parent == id && !$0.isDeleted }).map(\.id) { _ = delete(child, now) }
        tellRow(id, now, as: "session.deleted")
        if sessions[id]?.run == nil { sessions[id] = nil } else { sessions[id]?.isDeleted = true }
        return .json(Array("true".utf8))
    }

    func messages(_ request: ScriptedRequest, _ session: ScriptedSession1) throws(ScriptedProblem) -> ScriptedReply {
        let limit = request.query("limit").flatMap { Int($0) } ?? 0
        var rows = session.messages[...]
        if let before = request.query("before") {
            guard limit > 0, let bytes = Base64.decode(before, alphabet: .url), let cursor = try? JSON.parse(bytes),
                let place = cursor["id"]?.string.flatMap({ session.place(of: $0) })
            else { throw .badPage }
            rows = rows[..<place]
        }
        let page = limit == 0 ? rows : rows.suffix(limit)
        var headers: [String: String] = [:]
        if page.startIndex > rows.startIndex, let first = page.first {
            let cursor = Base64.encode(
                JSONWriter.object { writer in
                    writer.member("id", first.id)
                    writer.member("time", Int(first.created))
                }, alphabet: .url)
            headers["x-next-cursor"] = cursor
        }
        return .json(JSONWriter.list(page.map(\.json)), headers: headers)
    }

    func message(_ id: String, _ session: ScriptedSession1) throws(ScriptedProblem) -> ScriptedReply {
        guard let place = session.place(of: id) else { throw .notFound("Message not found: \(id)") }
        return .json(session.messages[place].json)
    }
}
