// What the real 2.x taught, where one recording does not show it: how the managed service goes on, what SIGTERM saves, what an agent that
// nobody knows does to a prompt. The rest is in the recordings.

import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct BehaviourTests2 {
    private static func asked(_ prompt: String, isService: Bool = true) throws -> (drive: AgentDriver, session: String) {
        var drive = AgentDriver(.second) { $0.isService = isService }
        let session = try drive.newSession()
        try drive.prompt(session, prompt, #","id":"msg_0001""#)
        try drive.run()
        return (drive, session)
    }

    private static func rows(_ drive: inout AgentDriver, _ session: String) throws -> [JSONValue] {
        try #require(try drive.ask("GET", "/session/\(session)/message?order=asc&limit=200").value?["data"]?.items)
    }

    @Test(arguments: [ScriptedDeath.kill, .terminate]) func `goes on by itself as a service with what ran`(_ death: ScriptedDeath) throws {
        var (drive, session) = try Self.asked("edit once")
        let from = drive.types.count
        drive.die(death)
        try drive.run()
        let said = Array(drive.types[from...])
        #expect(said.first == "session.execution.started" && said.last == "session.execution.succeeded")
        #expect(said.contains("session.synthetic") && said.contains("session.step.started"))
        // Only a kill leaves tools that the next execution has to close.
        #expect(said.contains("session.tool.failed") == (death == .kill))
        #expect(try Self.rows(&drive, session).contains { $0["description"]?.string == "Continuing after restart" })
    }

    @Test func `goes on as a service with what a person declined, unless its prompt was sent again`() throws {
        for isSettled in [false, true] {
            var (drive, session) = try Self.asked("edit once")
            let id = try #require(drive.events.last { $0.type == "permission.asked" }?.data?["id"]?.string)
            try drive.ask("POST", "/session/\(session)/permission/\(id)/reply", #"{"decision":"reject"}"#)
            try drive.run()
            if isSettled {
                try drive.prompt(session, "edit once", #","id":"msg_0001""#)
                try drive.run()
            }
            let from = drive.types.count
            drive.die(.kill)
            try drive.run()
            #expect(drive.types[from...].isEmpty == isSettled)
        }
    }

    @Test func `resumes nothing when it is no service`() throws {
        var (drive, session) = try Self.asked("edit once", isService: false)
        let from = drive.types.count
        drive.die(.kill)
        try drive.run()
        #expect(drive.types[from...].isEmpty)
        #expect(try drive.ask("GET", "/session/active").value?["data"]?.members.isEmpty == true)
        #expect(try Self.rows(&drive, session).last?["time"]?["completed"] == nil)
    }

    @Test func `saves on SIGTERM more than it had streamed, and says nothing`() throws {
        var drive = AgentDriver(.second)
        let session = try drive.newSession()
        try drive.prompt(session, "long answer")
        try drive.run(until: "session.text.delta")
        let (heard, from) = (drive.events.compactMap { $0.data?["delta"]?.string }.joined(), drive.types.count)
        drive.die(.terminate)
        try drive.run()
        #expect(drive.types.count == from)
        let row = try #require(try Self.rows(&drive, session).last)
        let saved = try #require(row["content"]?.items.first?["text"]?.string)
        #expect(saved.hasPrefix(heard) && saved.count > heard.count)
        #expect(row["error"]?["type"]?.string == "aborted")
        #expect(try drive.ask("GET", "/session/\(session)").value?["data"]?["outcome"] == nil)
    }

    @Test func `keeps a prompt for an unknown agent in the inbox`() throws {
        var drive = AgentDriver(.second)
        let session = try drive.newSession()
        #expect(try drive.ask("POST", "/session/\(session)/agent", #"{"agent":"nobody"}"#).status == 204)
        try drive.prompt(session, "hello")
        try drive.run()
        #expect(drive.types.last == "session.execution.failed")
        #expect(try drive.ask("GET", "/session/\(session)/inbox").value?["data"]?.items.count == 1)
    }

    @Test func `tells by its log how far it is, and nothing else`() throws {
        var (drive, session) = try Self.asked("hello")
        let reply = try drive.exchange("GET", "/api/experimental/session/\(session)/log?after=0", "")
        let frame = try #require(AgentDriver.frames(reply.body).first)
        let last = drive.events.compactMap { $0.value["durable"]?["seq"]?.int }.max()
        #expect(try JSON.parse(frame)["seq"]?.int == last)
        #expect(try JSON.parse(frame)["type"]?.string == "log.synced")
    }

    @Test func `a switch's row has the id of its event`() throws {
        var drive = AgentDriver(.second)
        let session = try drive.newSession()
        try drive.ask("POST", "/session/\(session)/agent", #"{"agent":"plan"}"#)
        try drive.ask("POST", "/session/\(session)/model", #"{"model":{"id":"m","providerID":"p"}}"#)
        let events = drive.events.filter { $0.type.hasSuffix(".selected") }.compactMap { $0.value["id"]?.string?.dropFirst(4) }
        let rows = try Self.rows(&drive, session).compactMap { $0["id"]?.string?.dropFirst(4) }
        #expect(events.count == 2 && rows == events)
    }
}
