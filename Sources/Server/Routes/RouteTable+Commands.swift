// What is asked of the agent.

extension RouteTable {
    private static let json = ["application/json"]
    private static let accepted = RouteRow.Answer.json("The command, on disk", status: 202)

    static let commandRows: [RouteRow] = [
        RouteRow(
            method: "POST", path: "/v1/sessions", summary: "Create a session", body: json,
            answers: [.json("The session", status: 201), accepted]
        ) { _ in .createSession },
        RouteRow(method: "POST", path: "/v1/sessions/{id}/chat", summary: "A prompt", body: json, answers: [accepted]) {
            match throws(HTTPFault) in .chat(try match.session().text)
        },
        RouteRow(method: "POST", path: "/v1/sessions/{id}/stop", summary: "Stop the turn", body: json, answers: [accepted]) {
            match throws(HTTPFault) in .stop(try match.session().text)
        },
        RouteRow(
            method: "POST", path: "/v1/sessions/{id}/permissions/{permission}", summary: "Reply to a permission", body: json,
            answers: [accepted]
        ) { match throws(HTTPFault) in .permission(session: try match.session().text, match.values[1]) },
        RouteRow(
            method: "POST", path: "/v1/sessions/{id}/questions/{question}", summary: "Answer a question", body: json, answers: [accepted]
        ) { match throws(HTTPFault) in .question(session: try match.session().text, match.values[1]) },
    ]
}
