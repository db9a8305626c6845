// A session's end of work, as the program and OpenCode say it.

import TestSupport
import Wire

enum SessionWait {
    struct NotReached: Error, CustomStringConvertible {
        let session: String
        let status: String
        var description: String { "\(session) is \(status)" }
    }

    /// Until the program says that nothing runs.
    static func untilIdle(_ session: String, _ fixture: EqualityFixture) throws {
        var status = ""
        // By the time, not by the news: a compaction's words alone are fifty.
        let end = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < end {
            let answer = try fixture.api.ask("GET", "/v1/sessions/\(session)")
            guard answer.status == 200 else {
                status = "unknown"
                try fixture.api.waitForNews(of: "lobby", after: fixture.api.get("/v1/sessions?limit=1")["position"]?.string ?? "earliest")
                continue
            }
            let state = try JSON.parse(answer.body, depth: 1024)
            status = state["status"]?["status"]?.string ?? ""
            if status == "idle" { return }
            try fixture.api.waitForNews(of: session, after: state["position"]?.string ?? "earliest")
        }
        throw NotReached(session: session, status: status)
    }

    /// Until the program has told a card, as whoever answers it has seen it.
    /// - Parameter path: `/v1/sessions/ID/…`.
    static func untilTold(_ card: String, by path: String, _ fixture: EqualityFixture) throws {
        guard let session = path.split(separator: "/").dropFirst(2).first.map(String.init) else { return }
        let end = ContinuousClock.now + .seconds(15)
        while ContinuousClock.now < end {
            let page = try fixture.api.ask(
                "GET", "/v1/topics/\(session)/events?after=earliest&limit=10000", headers: [("accept", "application/x-ndjson")])
            if page.text.contains(card) { return }
            guard let last = try page.text.split(separator: "\n").last.map({ try JSON.parse(Array($0.utf8)) }) else { return }
            try fixture.api.waitForNews(of: session, after: last["position"]?.string ?? "earliest")
        }
    }

    /// Lets a session's work come to its end, granting what it asks. OpenCode has the last word on whether something runs.
    static func finish(_ session: String, _ fixture: EqualityFixture) throws {
        let end = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < end {
            let answer = try fixture.api.ask("GET", "/v1/sessions/\(session)")
            guard answer.status == 200 else { return }
            let state = try JSON.parse(answer.body, depth: 1024)
            for card in state["permissions"]?.items ?? [] { grant(card, "permissions", #"{"reply":"once"}"#, fixture) }
            for card in state["questions"]?.items ?? [] { grant(card, "questions", #"{"answer":{"q0":"SQLite"}}"#, fixture) }
            if state["status"]?["status"]?.string == "idle", try !isRunning(session, fixture) { return }
            try fixture.api.waitForNews(of: session, after: state["position"]?.string ?? "earliest")
        }
        throw NotReached(session: session, status: "at work still")
    }

    private static func grant(_ card: JSONValue, _ kind: String, _ body: String, _ fixture: EqualityFixture) {
        guard let session = card["session"]?.string, let id = card["id"]?.string else { return }
        _ = try? fixture.api.ask("POST", "/v1/sessions/\(session)/\(kind)/\(id)", body)
    }

    private static func isRunning(_ session: String, _ fixture: EqualityFixture) throws -> Bool {
        if fixture.generation == .second {
            return try fixture.opencode.api.answer("GET", "/api/session/active")?["data"]?.member(named: session) != nil
        }
        let directory = try fixture.opencode.api.answer("GET", "/session/\(session)")?["directory"]?.string ?? ""
        return try fixture.opencode.api.answer("GET", "/session/status?directory=\(directory)")?.member(named: session) != nil
    }
}
