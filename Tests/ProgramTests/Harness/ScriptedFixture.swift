// The scripted OpenCode in a process of its own, and the program in front of it: quick, and without a real server.

import TestSupport
import Testing
import Wire

final class ScriptedFixture {
    let opencode: RunningProgram
    let relay: RelayProcess
    let port: UInt16
    private static let password = "a-password-for-tests-only"

    /// - Parameter flags: of the scripted OpenCode: its generation, its rate.
    init(_ flags: [String] = []) throws {
        let folder = try TestFolder()
        let password = Self.password
        opencode = try Reprise.start(["scripted-opencode"] + flags, in: folder, environment: ["OPENCODE_PASSWORD": password])
        let url = try #require(try opencode.line())
        port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
        relay = try RelayProcess(
            ["--opencode", url, "--directory", folder["project"]], in: folder, environment: ["OPENCODE_PASSWORD": password])
        try relay.program.error(with: "upstream connected")
    }

    /// Asks the scripted OpenCode itself.
    func ask(_ method: String, _ target: String, _ body: String = "") throws -> PlainExchange {
        let token = Base64.encode(Array("opencode:\(Self.password)".utf8))
        return try PlainExchange.ask(port, method, target, headers: [("authorization", "Basic " + token)], body: body)
    }

    /// Makes something go wrong with it.
    func commit(_ fault: String) throws { try #require(try ask("POST", "/scripted/fault", fault).status == 204) }

    func newSession() throws -> String {
        try #require(try relay.post("/v1/sessions", #"{"title":"A play"}"#)["id"]?.string)
    }

    func reader(_ session: String, after: String? = "earliest") throws -> TopicReader {
        try TopicReader(relay, "/v1/sessions/\(session)", after: after)
    }

    /// A prompt, and its turn to the end: permissions are given, questions are not expected.
    @discardableResult
    func play(_ session: String, _ text: String, _ reader: TopicReader) throws -> String {
        try relay.post("/v1/sessions/\(session)/chat", #"{"content":"\#(text)"}"#)
        while true {
            let event = try reader.until { $0.isEvent("permission") || ($0.isEvent("turn") && $0["state"]?.string != "started") }
            guard let card = event["permission"]?["id"]?.string else {
                if !(reader.events.last { $0.isEvent("status") }?.isEvent("status", "status", "idle") ?? false) {
                    try reader.until { $0.isEvent("status", "status", "idle") }
                }
                return event["state"]?.string ?? ""
            }
            try relay.post("/v1/sessions/\(session)/permissions/\(card)", #"{"reply":"once"}"#)
        }
    }
}
