// The scripted agent behind a socket.

import Reactor
import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct ScriptedServerTests {
    private static let admission = [("authorization", "Basic " + Base64.encode(Array("opencode:secret".utf8)))]

    @Test func `says who it is, but not to everybody`() throws {
        let server = try ScriptedServer.start(password: "secret")
        defer { server.stop() }
        let refused = try PlainExchange.ask(server.port, "GET", "/api/info")
        #expect(refused.status == 401 && refused.body.isEmpty)
        let info = try JSON.parse(try PlainExchange.ask(server.port, "GET", "/api/info", headers: Self.admission).body)
        #expect(info["version"]?.string == "2.0.14-scripted")
        #expect(info["pid"]?.int != nil)
    }

    @Test func `streams a flood to a reader, and every delta of it`() throws {
        let server = try ScriptedServer.start()
        defer { server.stop() }
        let stream = try PlainStream.open(server.port, "/api/event")
        let session = try #require(try JSON.parse(try PlainExchange.ask(server.port, "POST", "/api/session").body)["data"]?["id"]?.string)
        _ = try PlainExchange.ask(server.port, "POST", "/api/session/\(session)/prompt", body: #"{"text":"flood 3000"}"#)
        let frames = try stream.frames(until: "session.execution.succeeded")
        #expect(frames.count { $0["type"]?.string == "session.text.delta" } == 3000)
        #expect(frames.first?["type"]?.string == "server.connected")
    }

    @Test func `goes on with the same agent after a stop, under the same port`() throws {
        let first = try ScriptedServer.start(port: FreePort.find())
        let created = try JSON.parse(try PlainExchange.ask(first.port, "POST", "/api/session").body)
        let session = try #require(created["data"]?["id"]?.string)
        var agent = try #require(first.stop())
        agent.die(.kill, newPID: 77, now: 0)
        let second = try ScriptedServer.start(port: first.port, agent: agent)
        defer { second.stop() }
        #expect(try JSON.parse(try PlainExchange.ask(second.port, "GET", "/api/info").body)["pid"]?.int == 77)
        #expect(try PlainExchange.ask(second.port, "GET", "/api/session/\(session)").status == 200)
    }

    @Test func `plays a recording to its readers`() throws {
        let recording = try ScriptedTurnTests.recording("tools_once")
        let server = try ScriptedServer.start()
        defer { server.stop() }
        let stream = try PlainStream.open(server.port, "/api/event")
        server.play(recording, speed: 0)
        let frames = try stream.frames(until: "session.execution.succeeded")
        #expect(frames.compactMap { $0["type"]?.string }.filter { $0 != "server.connected" } == recording.types)
    }

    @Test(arguments: [ScriptedGeneration.first, .second]) func `goes wrong for those only who know the password`(
        _ generation: ScriptedGeneration
    ) throws {
        let server = try ScriptedServer.start(password: "secret", options: ScriptedOptions(generation))
        defer { server.stop() }
        func commit(_ fault: String, _ headers: [(String, String)] = Self.admission) throws -> Int {
            try PlainExchange.ask(server.port, "POST", "/scripted/fault", headers: headers, body: fault).status
        }
        #expect(try commit(#"{"fault":"flow"}"#, []) == 401)
        #expect(try commit(#"{"fault":"flow"}"#) == 204)
    }

    @Test(arguments: [
        #"{"fault":"storm","count":-1}"#, #"{"fault":"oversize","bytes":-1}"#, #"{"fault":"slow","milliseconds":-1}"#,
        #"{"fault":"restart","milliseconds":-5}"#, #"{"fault":"refuse","times":-1}"#, #"{"fault":"flood"}"#, "[]", "no",
    ]) func `refuses a fault that cannot be, and is there still`(_ fault: String) throws {
        let server = try ScriptedServer.start()
        defer { server.stop() }
        #expect(try PlainExchange.ask(server.port, "POST", "/scripted/fault", body: fault).status == 400)
        #expect(try PlainExchange.ask(server.port, "GET", "/api/info").status == 200)
    }
}
