// A real OpenCode, and the program in front of it.

import TestSupport
import Testing
import Wire

final class RealFixture {
    let opencode: RealOpenCode
    let relay: RelayProcess

    init(_ generation: OpenCodeGeneration, tokensPerSecond: Int = 400) throws {
        opencode = try RealOpenCode(generation, tokensPerSecond: tokensPerSecond)
        relay = try RelayProcess(
            ["--opencode", opencode.url, "--directory", opencode.project], environment: ["OPENCODE_PASSWORD": opencode.password])
        try relay.program.error(with: "upstream connected")
    }

    deinit { opencode.stop() }

    func newSession(_ title: String = "A play") throws -> String {
        let answer = try relay.ask("POST", "/v1/sessions", #"{"title":"\#(title)"}"#)
        try #require(answer.status == 201, "\(answer.status) \(answer.text) \(relay.program.errors)")
        return try #require(try JSON.parse(answer.body)["id"]?.string)
    }

    func reader(_ session: String, after: String? = "earliest") throws -> TopicReader {
        try TopicReader(relay, "/v1/sessions/\(session)", after: after)
    }

    @discardableResult
    func prompt(_ session: String, _ text: String) throws -> JSONValue {
        try relay.post("/v1/sessions/\(session)/chat", #"{"content":"\#(text)"}"#)
    }

    /// What OpenCode itself says of the session's messages.
    func upstreamMessages(_ session: String) throws -> JSONValue {
        let target = opencode.generation == .first ? "/session/\(session)/message" : "/api/session/\(session)/message?limit=100&order=asc"
        let answer = try opencode.ask("GET", target)
        try #require(answer.status == 200, "\(answer.status) \(answer.text)")
        return try JSON.parse(answer.body, depth: 1024)
    }
}

extension TopicReader {
    /// The turn that runs is over, and the session idle.
    @discardableResult
    func untilIdle() throws -> String {
        let end = try until { $0.isEvent("turn") && $0["state"]?.string != "started" }
        if !(events.last { $0.isEvent("status") }?.isEvent("status", "status", "idle") ?? false) {
            try until { $0.isEvent("status", "status", "idle") }
        }
        return end["state"]?.string ?? ""
    }

    /// The card of the next request for a permission.
    func untilAsked() throws -> String {
        try #require(try until { $0.isEvent("permission") }["permission"]?["id"]?.string)
    }
}
