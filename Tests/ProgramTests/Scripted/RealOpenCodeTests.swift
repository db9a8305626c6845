// The harness of the real servers. Skipped without OPENCODE1_BIN or OPENCODE2_BIN.

import Foundation
import Glibc
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized, .enabled(if: !OpenCodeGeneration.installed.isEmpty, "neither OPENCODE1_BIN nor OPENCODE2_BIN is set"))
struct RealOpenCodeTests {
    @Test(.timeLimit(.minutes(3)), arguments: OpenCodeGeneration.installed)
    func `answers before and after a kill, under the same port`(_ generation: OpenCodeGeneration) throws {
        let server = try RealOpenCode(generation)
        defer { server.stop() }
        let gate = generation == .first ? "/global/health" : "/api/info"
        #expect(try JSON.parse(server.ask("GET", gate).body)["version"]?.string != nil)
        let first = try #require(server.pid)
        server.kill(SIGKILL)
        #expect(throws: (any Error).self) { try server.ask("GET", gate) }
        try server.restart()
        #expect(server.pid != first)
        #expect(try server.ask("GET", gate).status == 200)
        #expect(try PlainExchange.ask(server.port, "GET", gate).status == 401)
    }

    @Test(.timeLimit(.minutes(3)), .enabled(if: OpenCodeGeneration.second.binary != nil, "OPENCODE2_BIN is not set"))
    func `plays a turn with a permission on OpenCode 2`() throws {
        let server = try RealOpenCode(.second)
        defer { server.stop() }
        let stream = try PlainStream.open(server.port, "/api/event", headers: [server.authorization])
        let session = try Self.id(
            try server.ask("POST", "/api/session", body: #"{"location":{"directory":"\#(server.project)"}}"#), in: "data")
        _ = try server.ask("POST", "/api/session/\(session)/prompt", body: #"{"text":"edit once please"}"#)
        let asked = try #require(try stream.frames(until: "permission.asked").last?["data"]?["id"]?.string)
        #expect(try server.ask("POST", "/api/session/\(session)/permission/\(asked)/reply", body: #"{"decision":"once"}"#).status == 204)
        let types = try stream.frames(until: "session.execution.succeeded").compactMap { $0["type"]?.string }
        #expect(types.contains("session.tool.success"))
        #expect(try String(contentsOfFile: server.project + "/app.py", encoding: .utf8).contains("hello, world"))
    }

    @Test(.timeLimit(.minutes(3)), .enabled(if: OpenCodeGeneration.first.binary != nil, "OPENCODE1_BIN is not set"))
    func `plays a turn with a permission on OpenCode 1`() throws {
        let server = try RealOpenCode(.first)
        defer { server.stop() }
        let place = "?directory=\(server.project)"
        let stream = try PlainStream.open(server.port, "/event" + place, headers: [server.authorization])
        let session = try Self.id(try server.ask("POST", "/session" + place, body: "{}"), in: nil)
        _ = try server.ask(
            "POST", "/session/\(session)/prompt_async" + place, body: #"{"parts":[{"type":"text","text":"edit once please"}]}"#)
        let asked = try #require(try stream.frames(until: "permission.asked").last?["properties"]?["id"]?.string)
        _ = try server.ask("POST", "/permission/\(asked)/reply" + place, body: #"{"reply":"once"}"#)
        _ = try stream.frames(until: "session.idle")
        #expect(try String(contentsOfFile: server.project + "/app.py", encoding: .utf8).contains("hello, world"))
    }

    private static func id(_ answer: PlainExchange, in member: String?) throws -> String {
        let value = try JSON.parse(answer.body)
        return try #require((member.map { value.member(named: $0) } ?? value)?["id"]?.string, "\(answer.text)")
    }
}
