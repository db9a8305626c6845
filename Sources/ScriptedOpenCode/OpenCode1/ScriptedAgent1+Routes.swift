// Which call is which. What belongs to a directory (lists, status, requests and their replies) is asked with it, and means the server's own
// without; what stands under a session finds its directory by itself.

import Wire

extension ScriptedAgent1 {
    public mutating func respond(method: String, target: String, body: [UInt8] = [], now: Int64) -> ScriptedReply {
        guard let request = ScriptedRequest(method: method, target: target, body: body) else { return .page }
        advance(now: now)
        do throws(ScriptedProblem) { return try route(request, now) } catch { return error.reply }
    }

    public func admits(target: String, authorization: String?) -> Bool {
        guard let password = options.password else { return true }
        let token = Base64.encode(Array("opencode:\(password)".utf8))
        return authorization == "Basic " + token || HTTPRequestHead(target: target).queryItem("auth_token") == token
    }

    private mutating func route(_ request: ScriptedRequest, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        let path = request.path
        switch (request.method, path.first ?? "", path.count) {
        case ("GET", "global", 2): return global(path[1], now)
        case ("POST", "global", 2) where path[1] == "dispose": return disposeAll(now)
        case ("PATCH", "global", 2) where path[1] == "config": return try configure(request, now)
        case ("POST", "instance", 2) where path[1] == "dispose": return dispose(directory(request), now)
        case ("POST", "api", 2) where path[1] == "session": return try createNamed(request, now)
        case ("POST", "session", 1): return try create(request, now)
        case ("GET", "session", 1): return try list(request)
        case ("GET", "session", 2) where path[1] == "status": return .json(statuses(in: directory(request)))
        case ("GET", "experimental", 2) where path[1] == "session": return listAll(request)
        case (_, "session", 2...): return try routeSession(request, path[1], Array(path.dropFirst(2)), now)
        case ("GET", "permission", 1): return .json(permissionsJSON(in: directory(request)))
        case ("GET", "question", 1): return .json(questionsJSON(in: directory(request)))
        case ("POST", "permission", 3) where path[2] == "reply":
            return try reply(toPermission: path[1], request, field: "reply", in: directory(request), now)
        case ("POST", "question", 3): return try reply(toQuestion: path[1], path[2], request, in: directory(request), now)
        case ("GET", "agent", 1): return .json(JSONWriter.list(Self.agents.map(Self.agentJSON)))
        default: return .page
        }
    }

    private mutating func global(_ name: String, _ now: Int64) -> ScriptedReply {
        switch name {
        case "health":
            return .json(
                JSONWriter.object { writer in
                    writer.member("healthy", true)
                    writer.member("version", version)
                })
        case "event": return .events(opening: bare("server.connected", at: now))
        default: return .page
        }
    }

    private mutating func routeSession(_ request: ScriptedRequest, _ id: String, _ rest: [String], _ now: Int64) throws(ScriptedProblem)
        -> ScriptedReply
    {
        guard id.hasPrefix("ses") else { throw .unexpected }
        if request.method == "POST", rest == ["abort"] { return abort(id, now) }
        guard let session = sessions[id], !session.isDeleted else { throw .notFound("Session not found: \(id)") }
        switch (request.method, rest.first ?? "", rest.count) {
        case ("GET", "", 0): return .json(session.json(version: version))
        case ("PATCH", "", 0): return try patch(request, id, now)
        case ("DELETE", "", 0): return delete(id, now)
        case ("GET", "message", 1): return try messages(request, session)
        case ("GET", "message", 2): return try message(rest[1], session)
        case ("POST", "prompt_async", 1): return try prompt(request, id, now)
        case ("POST", "message", 1): return try note(request, id, now)
        case ("GET", "todo", 1): return .json(session.todos)
        case ("GET", "children", 1):
            return .json(JSONWriter.list(sessions.values.filter { $0.parent == id }.map { $0.json(version: version) }))
        case ("POST", "permissions", 2): return try reply(toPermission: rest[1], request, field: "response", in: session.directory, now)
        default: return .page
        }
    }

    private func directory(_ request: ScriptedRequest) -> String { request.query("directory") ?? options.directory }

    private static func agentJSON(_ name: String) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("name", name)
            writer.member("description", "The scripted agent \(name).")
            writer.member("mode", name == "general" || name == "explore" ? "subagent" : "primary")
        }
    }
}

extension ScriptedProblem {
    private static func named(_ status: Int, _ name: String, _ data: (inout JSONWriter) -> Void) -> ScriptedProblem {
        ScriptedProblem(
            reply: .json(
                JSONWriter.object { writer in
                    writer.member("name", name)
                    writer.key("data")
                    writer.object { data(&$0) }
                }, status: status))
    }

    static func notFound(_ message: String) -> ScriptedProblem { named(404, "NotFoundError") { $0.member("message", message) } }

    static func bad(_ message: String, kind: String = "Payload") -> ScriptedProblem {
        named(400, "BadRequest") { data in
            data.member("message", message)
            data.member("kind", kind)
        }
    }

    /// What 1.18 says of malformed JSON and malformed session ids.
    static let unexpected = named(500, "UnknownError") { data in
        data.member("message", "Unexpected server error. Check server logs for details.")
        data.member("ref", "err_scripted")
    }

    static func noRequest(_ kind: String, _ id: String) -> ScriptedProblem {
        ScriptedProblem(
            reply: .json(
                JSONWriter.object { writer in
                    writer.member("_tag", "\(kind)NotFoundError")
                    writer.member("requestID", id)
                    writer.member("message", "\(kind) request not found: \(id)")
                }, status: 404))
    }

    static let badPage = ScriptedProblem(reply: .json(Array(#"{"_tag":"BadRequest"}"#.utf8), status: 400))
}
