// What the real 1.18 taught, where one recording does not show it. The rest of its lessons is in the recordings: replies need the
// directory, of waiting prompts only the last is answered, idle comes before the end, a kill says nothing, an orphan after a cut, a loop
// without a reason, a deleted session that goes on, a reject with and without words.

import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct BehaviourTests1 {
    private static func asked(_ prompt: String) throws -> (drive: AgentDriver, session: String) {
        var drive = AgentDriver(.first)
        let session = try drive.newSession()
        try drive.prompt(session, prompt)
        try drive.run()
        return (drive, session)
    }

    private static func listed(_ drive: inout AgentDriver) throws -> [String] {
        try drive.ask("GET", "/permission").value?.items.compactMap { $0["id"]?.string } ?? []
    }

    @Test func `lists what an aborted run had asked, and runs its tool when somebody approves it`() throws {
        var (drive, session) = try Self.asked("parallel")
        let ids = try Self.listed(&drive)
        #expect(ids.count == 2)
        try drive.ask("POST", "/session/\(session)/abort")
        try drive.run()
        #expect(try Self.listed(&drive) == ids)
        #expect(try drive.ask("POST", "/permission/\(ids[0])/reply", #"{"reply":"once"}"#).status == 200)
        #expect(drive.types.last == "permission.replied")
        #expect((drive.agent as? ScriptedAgent1)?.ghostsRun.count == 1)
        try drive.prompt(session, "hello")
        try drive.run()
        #expect(try Self.listed(&drive) == [ids[1]])
    }

    @Test func `clears all ghosts of a session with one reject`() throws {
        var (drive, session) = try Self.asked("parallel")
        let ids = try Self.listed(&drive)
        try drive.ask("POST", "/session/\(session)/abort")
        try drive.run()
        let from = drive.types.count
        try drive.ask("POST", "/permission/\(ids[0])/reply", #"{"reply":"reject"}"#)
        try drive.run()
        #expect(drive.types[from...] == ["permission.replied", "permission.replied"])
        #expect(try Self.listed(&drive).isEmpty)
        #expect((drive.agent as? ScriptedAgent1)?.ghostsRun.isEmpty == true)
    }

    @Test func `lists what a session had asked that is deleted`() throws {
        var (drive, session) = try Self.asked("edit once")
        let ids = try Self.listed(&drive)
        try drive.ask("POST", "/session/\(session)/abort")
        try drive.run()
        #expect(try drive.ask("DELETE", "/session/\(session)").status == 200)
        #expect(try Self.listed(&drive) == ids && ids.count == 1)
    }

    @Test func `puts a prompt whose id another session has into that session's message`() throws {
        var drive = AgentDriver(.first)
        let (first, second) = (try drive.newSession(), try drive.newSession())
        for session in [first, second] {
            let body = #"{"messageID":"msg_0001","noReply":true,"parts":[{"type":"text","text":"of \#(session)"}]}"#
            try drive.ask("POST", "/session/\(session)/prompt_async", body)
            try drive.run()
        }
        let found = try drive.ask("GET", "/session/\(first)/message/msg_0001").value
        #expect(found?["parts"]?.items.compactMap { $0["text"]?.string } == ["of \(first)", "of \(second)"])
        #expect(try drive.ask("GET", "/session/\(second)/message").value?.items.isEmpty == true)
    }

    @Test func `answers once what was first told without a wish for an answer`() throws {
        var drive = AgentDriver(.first)
        let session = try drive.newSession()
        for more in [#","noReply":true"#, "", ""] {
            let parts = #""parts":[{"id":"prt_1","type":"text","text":"hello"}]"#
            let body = #"{"messageID":"msg_0b2f8a50-9a8e-4c8e-8f4e-0123456789ab",\#(parts)\#(more)}"#
            try drive.ask("POST", "/session/\(session)/prompt_async", body)
            try drive.run()
        }
        let messages = try #require(try drive.ask("GET", "/session/\(session)/message").value?.items)
        #expect(messages.compactMap { $0["info"]?["role"]?.string } == ["user", "assistant"])
    }

    @Test func `tells what lasts twice, back to back, and counts without a hole, also over a kill`() throws {
        var (drive, session) = try Self.asked("question")
        drive.die(.kill)
        try drive.prompt(session, "hello")
        try drive.run()
        let durable = drive.events.enumerated().filter { $0.element.isTwin }
        for (place, twin) in durable {
            let plain = drive.events[place - 1]
            let inner = twin.value["payload"]?["syncEvent"]
            #expect(!plain.isTwin && plain.value["payload"]?["id"]?.string == inner?["id"]?.string)
            #expect(plain.data?.raw == inner?["data"]?.raw)
        }
        let counts = durable.compactMap { $0.element.value["payload"]?["syncEvent"]?["seq"]?.int }
        #expect(counts == Array(0..<counts.count) && counts.count > 10)
    }

    @Test func `answers an old prompt again when its ids come and a later one exists`() throws {
        var drive = AgentDriver(.first)
        let session = try drive.newSession()
        let old = #"{"messageID":"msg_0001","parts":[{"id":"prt_0001","type":"text","text":"hello"}]}"#
        try drive.ask("POST", "/session/\(session)/prompt_async", old)
        try drive.run()
        try drive.prompt(session, "markdown")
        try drive.run()
        try drive.ask("POST", "/session/\(session)/prompt_async", old)
        try drive.run()
        let messages = try #require(try drive.ask("GET", "/session/\(session)/message").value?.items)
        #expect(messages.compactMap { $0["info"]?["role"]?.string } == ["user", "assistant", "user", "assistant", "assistant"])
        #expect(messages.last?["info"]?["parentID"]?.string == "msg_0001")
    }

    @Test func `has not stored what it said 204 to`() throws {
        var drive = AgentDriver(.first)
        let session = try drive.newSession()
        let id = try drive.prompt(session, "hello")
        #expect(try drive.ask("GET", "/session/\(session)/message/\(id)").status == 404)
        drive.die(.kill)
        try drive.run()
        #expect(try drive.ask("GET", "/session/\(session)/message/\(id)").status == 404)
    }

    @Test func `forgets what is always allowed when it dies`() throws {
        var drive = AgentDriver(.first)
        let session = try drive.newSession()
        for isAsked in [true, false, true] {
            let from = drive.types.count
            try drive.prompt(session, "edit once")
            try drive.run(deciding: "always")
            #expect(drive.types[from...].contains("permission.asked") == isAsked)
            if !isAsked { drive.die(.terminate) }
        }
    }

    @Test(arguments: [
        ("POST", "/session/SESSION/prompt_async", #"{"parts":[{"type":"nonsense"}]}"#, 400),
        ("POST", "/session/SESSION/prompt_async", "{", 500),
        ("POST", "/session/SESSION/prompt_async", #"{"parts":"x"}"#, 400),
        ("POST", "/session/SESSION/prompt_async", #"{"messageID":"wrong","parts":[]}"#, 400),
        ("POST", "/session/SESSION/prompt_async", #"{"parts":[{"type":"text","text":"x","id":"wrong"}]}"#, 400),
        ("POST", "/session/ses_unknown/prompt_async", #"{"parts":[]}"#, 404), ("GET", "/session/nope", "", 500),
        ("GET", "/session/ses_unknown", "", 404), ("POST", "/session/ses_unknown/abort", "", 200), ("GET", "/no/such/route", "", 200),
        ("POST", "/permission/per_unknown/reply", #"{"reply":"once"}"#, 404), ("POST", "/permission/nope/reply", #"{"reply":"once"}"#, 400),
        ("POST", "/question/que_unknown/reply", #"{"answers":[["x"]]}"#, 404),
    ])
    func `refuses as the real server does`(_ method: String, _ path: String, _ body: String, _ status: Int) throws {
        var drive = AgentDriver(.first)
        let session = try drive.newSession()
        #expect(try drive.ask(method, path.replacing("SESSION", with: session), body).status == status)
    }

    @Test func `accepts an unknown agent and stores nothing, and an unknown model and stores the prompt`() throws {
        var drive = AgentDriver(.first)
        let session = try drive.newSession()
        #expect(try drive.ask("POST", "/session/\(session)/prompt_async", #"{"agent":"nobody","parts":[]}"#).status == 204)
        try drive.run()
        #expect(drive.types.suffix(2) == ["session.error", "session.error"])
        let body = #"{"model":{"providerID":"none","modelID":"none"},"parts":[{"type":"text","text":"hello"}]}"#
        #expect(try drive.ask("POST", "/session/\(session)/prompt_async", body).status == 204)
        try drive.run()
        #expect(drive.types.contains("session.idle"))
        #expect(try drive.ask("GET", "/session/\(session)/message").value?.items.count == 1)
    }

    @Test func `floods with numbered deltas, each once`() throws {
        var drive = AgentDriver(.first)
        let session = try drive.newSession()
        try drive.prompt(session, "flood 2500")
        try drive.run()
        let numbers = drive.events.filter { $0.type == "message.part.delta" }.compactMap {
            $0.data?["delta"]?.string?.split(separator: " ").first.flatMap { Int($0.dropFirst()) }
        }
        #expect(numbers == Array(0..<2500))
        let ids = drive.events.filter { $0.type == "message.part.delta" }.compactMap { $0.value["payload"]?["id"]?.string }
        #expect(Set(ids).count == 2500)
        #expect(drive.types.contains("session.idle"))
    }
}
