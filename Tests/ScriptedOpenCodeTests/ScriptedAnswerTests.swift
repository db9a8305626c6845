// Permissions, questions, refusals and lists.

import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct ScriptedAnswerTests {
    private static func asked(_ prompt: String) throws -> (drive: AgentDriver, session: String, id: String) {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, prompt)
        try drive.run()
        let id = drive.events.last?.data?["id"]?.string ?? drive.events.last?.data?["form"]?["id"]?.string
        return (drive, session, try #require(id))
    }

    @Test func `declines a turn without an outcome when a permission is rejected`() throws {
        var (drive, session, id) = try Self.asked("parallel")
        #expect(drive.types.suffix(2) == ["permission.asked", "permission.asked"])
        let from = drive.events.count
        try drive.ask("POST", "/session/\(session)/permission/\(id)/reply", #"{"decision":"reject"}"#)
        try drive.run()
        #expect(
            drive.types[from...] == [
                "permission.replied", "permission.replied", "session.tool.failed", "session.tool.failed", "session.step.failed",
                "session.usage.updated", "session.execution.interrupted",
            ])
        #expect(drive.events.last?.data?["reason"]?.string == "shutdown")
        let row = try drive.ask("GET", "/session/\(session)").value?["data"]
        #expect(row?["outcome"] == nil && row?["time"]?["idle"] == nil)
        #expect(
            try drive.ask("POST", "/session/\(session)/permission/\(id)/reply", #"{"decision":"once"}"#).value?["_tag"]?.string
                == "PermissionNotFoundError")
    }

    @Test func `goes on when a rejection has a reason`() throws {
        var (drive, session, id) = try Self.asked("edit once")
        try drive.ask("POST", "/session/\(session)/permission/\(id)/reply", #"{"decision":"reject","message":"not now"}"#)
        try drive.run()
        #expect(drive.types.contains("session.tool.failed"))
        #expect(drive.types.last == "session.execution.succeeded")
    }

    @Test func `drops a permission without an event when the turn is interrupted`() throws {
        var (drive, session, _) = try Self.asked("edit once")
        let from = drive.events.count
        try drive.ask("POST", "/session/\(session)/interrupt")
        try drive.run()
        #expect(
            drive.types[from...] == [
                "session.tool.failed", "session.step.failed", "session.usage.updated", "session.execution.interrupted",
            ])
        #expect(try drive.ask("GET", "/session/\(session)/permission").value?["data"]?.items.isEmpty == true)
    }

    @Test func `asks no more for what is always allowed`() throws {
        var (drive, session, id) = try Self.asked("edit once")
        try drive.ask("POST", "/session/\(session)/permission/\(id)/reply", #"{"decision":"always"}"#)
        try drive.run()
        try drive.prompt(session, "edit once")
        try drive.run()
        #expect(drive.types.count { $0 == "permission.asked" } == 1)
        #expect(drive.types.count { $0 == "session.tool.success" } == 2)
    }

    @Test func `takes one answer to a question, and only one that fits`() throws {
        var (drive, session, id) = try Self.asked("question")
        let path = "/session/\(session)/form/\(id)"
        #expect(try drive.ask("POST", path + "/reply", #"{"answer":{"nope":"x"}}"#).value?["_tag"]?.string == "FormInvalidAnswerError")
        #expect(try drive.ask("POST", path + "/reply", #"{"answer":"x"}"#).status == 400)
        #expect(try drive.ask("POST", path + "/reply", #"{"answer":{"q0":"SQLite"}}"#).status == 204)
        #expect(try drive.ask("POST", path + "/reply", #"{"answer":{"q0":"Postgres"}}"#).status == 409)
        try drive.run()
        #expect(try drive.ask("GET", path).value?["data"]?["state"]?["answer"]?["q0"]?.string == "SQLite")
        #expect(drive.types.last == "session.execution.succeeded")
    }

    @Test func `declines a turn whose question is dismissed`() throws {
        var (drive, session, id) = try Self.asked("question")
        let from = drive.events.count
        #expect(try drive.ask("DELETE", "/session/\(session)/form/\(id)").status == 204)
        #expect(
            drive.types[from...] == [
                "form.cancelled", "session.tool.failed", "session.step.failed", "session.usage.updated", "session.execution.interrupted",
            ])
    }

    @Test func `stops a busy session before it is deleted`() throws {
        var (drive, session, _) = try Self.asked("edit once")
        #expect(try drive.ask("DELETE", "/session/\(session)").status == 204)
        #expect(drive.types.suffix(2) == ["session.execution.interrupted", "session.deleted"])
        #expect(try drive.ask("GET", "/session/\(session)").value?["_tag"]?.string == "SessionNotFoundError")
        #expect(try drive.ask("DELETE", "/session/\(session)").status == 404)
    }

    @Test func `pages messages and sessions both ways`() throws {
        var drive = AgentDriver(wordsPerSecond: 0)
        let session = try drive.newSession()
        for number in 0..<4 {
            try drive.prompt(session, "hello \(number)")
            try drive.run()
            _ = try drive.newSession()
        }
        for path in ["/session/\(session)/message", "/session"] {
            var ids: [String] = []
            var cursor = ""
            while let page = try drive.ask("GET", path + "?limit=2" + cursor).value, let next = page["cursor"]?["next"]?.string {
                ids += page["data"]?.items.compactMap { $0["id"]?.string } ?? []
                cursor = "&cursor=" + next
            }
            let all = try drive.ask("GET", path + "?limit=100").value?["data"]?.items.compactMap { $0["id"]?.string }
            #expect(ids == all && Set(ids).count == (path == "/session" ? 5 : 12))
        }
        #expect(try drive.ask("GET", "/session?cursor=abc").value?["_tag"]?.string == "InvalidCursorError")
    }

    @Test(arguments: [
        ("GET", "/no/such/route", "", 404), ("POST", "/session/ses_nope/prompt", #"{"text":"x"}"#, 404), ("GET", "/session/nope", "", 400),
        ("POST", "/session", "{not json", 400),
    ])
    func `refuses as the real server does`(_ method: String, _ path: String, _ body: String, _ status: Int) throws {
        var drive = AgentDriver()
        #expect(try drive.ask(method, path, body).status == status)
    }

    @Test func `lets nobody in without the password`() {
        let drive = AgentDriver { $0.password = "secret" }
        #expect(drive.agent.admits(target: "/api/info", authorization: "Basic " + Base64.encode(Array("opencode:secret".utf8))))
        #expect(!drive.agent.admits(target: "/api/info", authorization: nil))
        #expect(!drive.agent.admits(target: "/api/info", authorization: "Basic " + Base64.encode(Array("opencode:other".utf8))))
    }
}
