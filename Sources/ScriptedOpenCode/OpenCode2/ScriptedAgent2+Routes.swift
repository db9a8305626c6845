// Which call is which.

import Wire

extension ScriptedAgent2 {
    public mutating func respond(method: String, target: String, body: [UInt8] = [], now: Int64) -> ScriptedReply {
        guard let request = ScriptedRequest(method: method, target: target, body: body, under: "api") else { return .page }
        advance(now: now)
        do throws(ScriptedProblem) { return try route(request, now) } catch { return error.reply }
    }

    /// The web page always may.
    public func admits(target: String, authorization: String?) -> Bool {
        let isGuarded = ["api", "openapi.json", "scripted"].contains {
            ScriptedRequest(method: "GET", target: target, body: [], under: $0) != nil
        }
        guard let password = options.password, isGuarded else { return true }
        let token = Base64.encode(Array("opencode:\(password)".utf8))
        return authorization == "Basic " + token || HTTPRequestHead(target: target).queryItem("auth_token") == token
    }

    private mutating func route(_ request: ScriptedRequest, _ now: Int64) throws(ScriptedProblem) -> ScriptedReply {
        let path = request.path
        switch (request.method, path.first ?? "", path.count) {
        case ("GET", "info", 1): return .json(info)
        case ("GET", "event", 1): return .events(opening: opening(at: now))
        case ("POST", "session", 1): return try create(request, now)
        case ("GET", "session", 1): return try list(request)
        case ("GET", "session", 2) where path[1] == "active": return .data(active)
        case (_, "session", 2...): return try routeSession(request, path[1], Array(path.dropFirst(2)), now)
        case ("GET", "experimental", 4) where path[1] == "session" && path[3] == "log": return try log(request, path[2])
        case ("GET", "permission", 2) where path[1] == "request": return located(request, permissionsJSON(of: nil))
        case ("GET", "permission", 2) where path[1] == "saved": return .data(rulesJSON)
        case ("DELETE", "permission", 3) where path[1] == "saved": return forget(path[2])
        case ("POST", "location", 2) where path[1] == "reload": return reload(nil, now)
        case ("DELETE", "debug", 2) where path[1] == "location":
            return reload(request.query("location[directory]") ?? options.directory, now)
        case ("GET", "form", 1): return located(request, formsJSON(of: nil))
        case ("GET", _, _): return lookUp(request)
        default: return .nowhere
        }
    }

    private mutating func routeSession(_ request: ScriptedRequest, _ id: String, _ rest: [String], _ now: Int64) throws(ScriptedProblem)
        -> ScriptedReply
    {
        let session = try session(id)
        switch (request.method, rest.first ?? "", rest.count) {
        case ("GET", "", 0): return .data(session.json)
        case ("PATCH", "", 0): return try patch(request, id, now)
        case ("DELETE", "", 0): return delete(id, now)
        case ("POST", "prompt", 1): return try prompt(request, id, now)
        case ("GET", "inbox", 1): return .data(JSONWriter.list(session.inbox.map { $0.json() }))
        case ("PATCH", "inbox", 2): return try redeliver(request, id, rest[1], now)
        case ("DELETE", "inbox", 2): return cancel(item: rest[1], id, now)
        case ("GET", "message", 1): return try messages(request, session)
        case ("GET", "message", 2): return try message(rest[1], session)
        case ("POST", "interrupt", 1): return interrupt(request, id, now)
        case ("POST", "agent", 1): return try selectAgent(request, id, now)
        case ("POST", "model", 1): return try selectModel(request, id, now)
        case (_, "permission", _): return try routePermission(request, id, Array(rest.dropFirst()), now)
        case (_, "form", _): return try routeForm(request, id, Array(rest.dropFirst()), now)
        default: return .nowhere
        }
    }

    private mutating func routePermission(_ request: ScriptedRequest, _ session: String, _ rest: [String], _ now: Int64)
        throws(ScriptedProblem) -> ScriptedReply
    {
        switch (request.method, rest.count) {
        case ("GET", 0): return .data(permissionsJSON(of: session))
        case ("GET", 1):
            let found = try permission(rest[0], session)
            return .data { writer in writer.object { found.write(to: &$0) } }
        case ("POST", 2) where rest[1] == "reply": return try reply(toPermission: rest[0], request, session, now)
        default: return .nowhere
        }
    }

    private mutating func routeForm(_ request: ScriptedRequest, _ session: String, _ rest: [String], _ now: Int64) throws(ScriptedProblem)
        -> ScriptedReply
    {
        switch (request.method, rest.count) {
        case ("GET", 0): return .data(formsJSON(of: session))
        case ("GET", 1): return .data(try form(rest[0], session).json(withState: true))
        case ("POST", 2) where rest[1] == "reply": return try reply(toForm: rest[0], request, session, now)
        case ("DELETE", 1): return try dismiss(form: rest[0], session, now)
        default: return .nowhere
        }
    }

    func session(_ id: String) throws(ScriptedProblem) -> ScriptedSession2 {
        guard id.hasPrefix("ses") else { throw .invalid("Expected a string starting with \"ses\"\n  at [\"sessionID\"]", kind: "Params") }
        guard let session = sessions[id] else { throw .noSession(id) }
        return session
    }

    /// `{"location": …, "data": …}`: what a directory knows.
    func located(_ request: ScriptedRequest, _ data: [UInt8]) -> ScriptedReply {
        let directory = request.query("location[directory]") ?? options.directory
        return .json(
            JSONWriter.object { writer in
                writer.key("location")
                writer.object { $0.member("directory", directory) }
                writer.member("data", raw: data)
            })
    }
}
