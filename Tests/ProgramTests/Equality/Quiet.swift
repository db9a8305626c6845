// A session's end of work, as the program and OpenCode say it.

import TestSupport
import Wire

enum Quiet {
    struct NotReached: Error, CustomStringConvertible {
        let session: String
        let status: String
        var description: String { "\(session) is \(status)" }
    }

    /// Until the program says that nothing runs.
    static func wait(for session: String, _ company: Company) throws {
        var status = ""
        for _ in 0..<30 {
            let answer = try company.door.ask("GET", "/v1/sessions/\(session)")
            guard answer.status == 200 else {
                status = "unknown"
                try company.door.waitForNews(of: "lobby", after: company.door.get("/v1/sessions?limit=1")["position"]?.string ?? "earliest")
                continue
            }
            let state = try JSON.parse(answer.body, depth: 1024)
            status = state["status"]?["status"]?.string ?? ""
            if status == "idle" { return }
            try company.door.waitForNews(of: session, after: state["position"]?.string ?? "earliest")
        }
        throw NotReached(session: session, status: status)
    }

    /// Until the program has told a card, as whoever answers it has seen it.
    /// - Parameter path: `/v1/sessions/ID/…`.
    static func wait(until card: String, isTold path: String, _ company: Company) throws {
        guard let session = path.split(separator: "/").dropFirst(2).first.map(String.init) else { return }
        for _ in 0..<15 {
            let page = try company.door.ask(
                "GET", "/v1/topics/\(session)/events?after=earliest&limit=10000", headers: [("accept", "application/x-ndjson")])
            if page.text.contains(card) { return }
            guard let end = try page.text.split(separator: "\n").last.map({ try JSON.parse(Array($0.utf8)) }) else { return }
            try company.door.waitForNews(of: session, after: end["position"]?.string ?? "earliest")
        }
    }

    /// Lets a session's work come to its end, granting what it asks. OpenCode has the last word on whether something runs.
    static func reach(_ session: String, _ company: Company) throws {
        for _ in 0..<90 {
            let answer = try company.door.ask("GET", "/v1/sessions/\(session)")
            guard answer.status == 200 else { return }
            let state = try JSON.parse(answer.body, depth: 1024)
            for card in state["permissions"]?.items ?? [] { grant(card, "permissions", #"{"reply":"once"}"#, company) }
            for card in state["questions"]?.items ?? [] { grant(card, "questions", #"{"answer":{"q0":"SQLite"}}"#, company) }
            if state["status"]?["status"]?.string == "idle", try !isRunning(session, company) { return }
            try company.door.waitForNews(of: session, after: state["position"]?.string ?? "earliest")
        }
        throw NotReached(session: session, status: "at work still")
    }

    private static func grant(_ card: JSONValue, _ kind: String, _ body: String, _ company: Company) {
        guard let session = card["session"]?.string, let id = card["id"]?.string else { return }
        _ = try? company.door.ask("POST", "/v1/sessions/\(session)/\(kind)/\(id)", body)
    }

    private static func isRunning(_ session: String, _ company: Company) throws -> Bool {
        if company.generation == .second {
            return try company.opencode.door.answer("GET", "/api/session/active")?["data"]?.member(named: session) != nil
        }
        let directory = try company.opencode.door.answer("GET", "/session/\(session)")?["directory"]?.string ?? ""
        return try company.opencode.door.answer("GET", "/session/status?directory=\(directory)")?.member(named: session) != nil
    }
}
