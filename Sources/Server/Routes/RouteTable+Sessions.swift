// Reads of sessions.

extension RouteTable {
    static let sessionRows: [RouteRow] = [
        RouteRow(
            method: "GET", path: "/v1/sessions", summary: "The sessions, newest activity first",
            query: ["archived", "search", "cursor", "limit"],
            answers: [.json("`sessions`, `cursor` of the next page, the lobby's `position`")]
        ) { _ in .sessions },
        RouteRow(
            method: "GET", path: "/v1/sessions/{id}", summary: "A session's state",
            answers: [.json("The state at `position`, the newest messages")]
        ) { match throws(HTTPFault) in .session(try match.session().text) },
        RouteRow(
            method: "GET", path: "/v1/sessions/{id}/messages", summary: "Older messages", query: ["before", "limit"],
            answers: [.json("`messages`, their `turns`, `position`, `before` of the next page")]
        ) { match throws(HTTPFault) in .messages(try match.session().text) },
        RouteRow(
            method: "GET", path: "/v1/sessions/{id}/children", summary: "Child sessions",
            answers: [.json("Their entries, as the list has them")]
        ) { match throws(HTTPFault) in .children(try match.session().text) },
        RouteRow(method: "GET", path: "/v1/sessions/{id}/tasks", summary: "The tasks", answers: [.json("The tasks")]) {
            match throws(HTTPFault) in .tasks(try match.session().text)
        },
        RouteRow(
            method: "GET", path: "/v1/sessions/{id}/digest", summary: "The digest of the state", answers: [.json("`position` and `digest`")]
        ) { match throws(HTTPFault) in .digest(try match.session().text) },
        RouteRow(
            method: "GET", path: "/v1/sessions/{id}/commands/{command}", summary: "A command's state", answers: [.json("The command")]
        ) { match throws(HTTPFault) in .command(session: try match.session().text, match.values[1]) },
        blob("/v1/sessions/{id}/blobs/{hash}") { match throws(HTTPFault) in
            .blob(try match.session(), hash: match.values[1], isSession: true)
        },
        websocket("/v1/sessions/{id}/websocket") { match throws(HTTPFault) in
            .websocket(try SubscriptionTarget(match.session(), match.head))
        },
        events("/v1/sessions/{id}/events") { match throws(HTTPFault) in .events(try EventsRead(match.session(), match.head)) },
    ]

    static func blob(_ path: String, _ route: @escaping @Sendable (RouteMatch) throws(HTTPFault) -> Route) -> RouteRow {
        RouteRow(
            method: "GET", path: path, summary: "A string that was too large for its event",
            answers: [.init(status: 200, types: ["*/*"], what: "Its bytes, of which the hash is")], route: route)
    }

    static func websocket(_ path: String, _ route: @escaping @Sendable (RouteMatch) throws(HTTPFault) -> Route) -> RouteRow {
        RouteRow(
            method: "GET", path: path, summary: "Follow it over a WebSocket", query: ["after", "catchup"],
            answers: [.init(status: 101, what: "Text messages of lines; commands the other way")], route: route)
    }

    static func events(_ path: String, _ route: @escaping @Sendable (RouteMatch) throws(HTTPFault) -> Route) -> RouteRow {
        RouteRow(
            method: "GET", path: path, summary: "The same lines as server-sent events, or as a page that may wait for a first event",
            query: ["after", "catchup", "wait", "limit"],
            answers: [.init(status: 200, types: ["application/x-ndjson", "text/event-stream"], what: "Lines")], route: route)
    }
}
