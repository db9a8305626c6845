// Prompts, what waits, what stops.

import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct ScriptedPromptTests {
    private static func texts(_ drive: inout AgentDriver, _ session: String) throws -> [String] {
        let rows = try #require(try drive.ask("GET", "/session/\(session)/message?order=asc&limit=200").value?["data"]?.items)
        return rows.filter { $0["type"]?.string == "user" }.compactMap { $0["text"]?.string }
    }

    @Test func `answers waiting steers together and queued prompts one by one in one execution`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "half a long answer first")
        try drive.run(until: "session.text.delta")
        try drive.prompt(session, "hello, queued", #","delivery":"queue""#)
        try drive.prompt(session, "hello, second")
        try drive.prompt(session, "markdown, third")
        let waiting = try drive.ask("GET", "/session/\(session)/inbox").value?["data"]?.items
        #expect(waiting?.compactMap { $0["payload"]?["text"]?.string } == ["hello, queued", "hello, second", "markdown, third"])
        try drive.run()
        #expect(try Self.texts(&drive, session) == ["half a long answer first", "hello, second", "markdown, third", "hello, queued"])
        #expect(drive.types.count { $0 == "session.execution.started" } == 1)
        #expect(drive.types.count { $0 == "session.step.ended" } == 3)
    }

    @Test func `takes the same id for the same prompt`() throws {
        var drive = AgentDriver()
        let (first, second) = (try drive.newSession(), try drive.newSession())
        let id = #","id":"msg_0001""#
        try drive.prompt(first, "hello there", id)
        try drive.run(until: "session.text.delta")
        let again = try drive.ask("POST", "/session/\(first)/prompt", #"{"id":"msg_0001","text":"another text"}"#)
        #expect(again.value?["data"]?["payload"]?["text"]?.string == "hello there")
        #expect(
            try drive.ask("POST", "/session/\(second)/prompt", #"{"id":"msg_0001","text":"x"}"#).value?["_tag"]?.string == "ConflictError")
        try drive.run()
        #expect(try Self.texts(&drive, first) == ["hello there"])
    }

    @Test func `wakes with an empty execution when a delivered id comes again`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "hello", #","id":"msg_0001""#)
        try drive.run()
        let before = drive.events.count
        try drive.prompt(session, "hello", #","id":"msg_0001","resume":false"#)
        try drive.run()
        #expect(drive.events.count == before)
        try drive.prompt(session, "hello", #","id":"msg_0001""#)
        try drive.run()
        #expect(drive.types[before...] == ["session.execution.started", "session.execution.succeeded"])
    }

    @Test func `keeps what was streamed and parks what waits when it is interrupted`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "half a long answer first")
        try drive.run(until: "session.text.delta")
        try drive.prompt(session, "hello, queued", #","delivery":"queue""#)
        let from = drive.events.count
        #expect(try drive.ask("POST", "/session/\(session)/interrupt").value?["interrupted"]?.bool == true)
        try drive.run()
        #expect(
            drive.types[from...] == ["session.text.ended", "session.step.streamed", "session.step.failed", "session.execution.interrupted"])
        #expect(drive.events[from].data?["text"]?.string?.hasPrefix("The relay keeps") == true)
        #expect(drive.events.last?.data?["reason"]?.string == "user")
        #expect(try drive.ask("GET", "/session/\(session)/inbox").value?["data"]?.items.count == 1)
        #expect(try drive.ask("POST", "/session/\(session)/interrupt").value?["interrupted"]?.bool == false)
        try drive.prompt(session, "hello now")
        try drive.run()
        #expect(try Self.texts(&drive, session) == ["half a long answer first", "hello now", "hello, queued"])
    }

    @Test func `fails a turn whose provider refuses`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "provider-error")
        try drive.run()
        #expect(drive.types.suffix(2) == ["session.step.failed", "session.execution.failed"])
        #expect(drive.events.last?.data?["error"]?["status"]?.int == 400)
    }

    @Test func `retries under the same message`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "rate-limit")
        try drive.run()
        let messages = drive.events.filter { $0.type == "session.step.started" }.compactMap { $0.data?["assistantMessageID"]?.string }
        #expect(messages.count == 3 && Set(messages).count == 1)
        #expect(drive.types.last == "session.execution.succeeded")
    }

    @Test func `gives a child session to a subagent and its answer to the parent`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "subagent please")
        try drive.run()
        let children = try #require(try drive.ask("GET", "/session?parentID=\(session)").value?["data"]?.items)
        #expect(children.count == 1 && children[0]["outcome"]?.string == "succeeded")
        let result = drive.events.first { $0.type == "session.tool.success" }?.data?["content"]?.items.first?["text"]?.string
        #expect(result?.contains("Hello!") == true)
        #expect(try drive.ask("GET", "/session?parentID=null").value?["data"]?.items.count == 1)
    }

    @Test func `loses runs and requests when it is killed, but no waiting prompt`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "edit once")
        try drive.run(until: "permission.asked")
        try drive.prompt(session, "hello later")
        drive.die(.kill)
        #expect(try drive.ask("GET", "/info").value?["pid"]?.int == 2)
        #expect(try drive.ask("GET", "/session/active").value?["data"]?.members.isEmpty == true)
        #expect(try drive.ask("GET", "/session/\(session)/permission").value?["data"]?.items.isEmpty == true)
        #expect(try drive.ask("GET", "/session/\(session)/inbox").value?["data"]?.items.count == 1)
        #expect(try !drive.step())
    }
}
