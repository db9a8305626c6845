// A turn through the program during which something goes wrong with OpenCode, and what both say of it in the end.

import TestSupport
import Testing
import Wire

@testable import reprise_bench

final class FaultedTurn {
    let fixture: ScriptedFixture
    let session: String
    let reader: TopicReader
    private let generation: String

    init(_ generation: String, _ flags: [String] = []) throws {
        self.generation = generation
        fixture = try ScriptedFixture(["--generation", generation] + flags)
        session = try fixture.newSession()
        reader = try fixture.reader(session)
    }

    /// A prompt whose answer has begun to stream.
    func begin(_ prompt: String) throws {
        try fixture.relay.post("/v1/sessions/\(session)/chat", #"{"content":"\#(prompt)"}"#)
        try reader.until { $0.isEvent("delta") }
    }

    func prompt(_ text: String) throws { try fixture.relay.post("/v1/sessions/\(session)/chat", #"{"content":"\#(text)"}"#) }

    /// - Parameter silences: how often the socket's limit may pass without a byte.
    @discardableResult
    func untilHealed(silences: Int = 0) throws -> JSONValue {
        do { return try reader.until { $0.isEvent("outage") && $0["healed"] != nil } } catch TestSocket.Failure.timedOut where silences > 0
        {
            return try untilHealed(silences: silences - 1)
        }
    }

    /// How the turn ends; it may have ended already.
    @discardableResult
    func untilOver() throws -> JSONValue {
        let state = reader.events.last { $0.isEvent("turn") }
        if let state, state["state"]?.string != "started" { return state }
        return try reader.until { $0.isEvent("turn") && $0["state"]?.string != "started" }
    }

    /// The end of a turn that was done; it may have come already, before it was told that all is healed.
    func untilDone() throws -> JSONValue {
        try reader.events.first { $0.isEvent("turn", "state", "done") } ?? reader.until { $0.isEvent("turn", "state", "done") }
    }

    var outages: Int { reader.events.count { $0.isEvent("outage") && $0["healed"] == nil } }

    /// The texts of the answers as OpenCode has them.
    func upstreamTexts() throws -> [String] {
        if generation == "1" {
            let list = try JSON.parse(fixture.ask("GET", "/session/\(session)/message").body)
            return list.items.filter { $0["info"]?["role"]?.string == "assistant" }.map { message in
                message["parts"]?.items.filter { $0["type"]?.string == "text" }.compactMap { $0["text"]?.string }.joined() ?? ""
            }
        }
        let list = try JSON.parse(fixture.ask("GET", "/api/session/\(session)/message?limit=200&order=asc").body)
        return (list["data"]?.items ?? []).filter { $0["type"]?.string == "assistant" }.map { message in
            message["content"]?.items.filter { $0["type"]?.string == "text" }.compactMap { $0["text"]?.string }.joined() ?? ""
        }
    }

    /// The same, as the program has them.
    func texts() throws -> [String] {
        let state = try fixture.relay.get("/v1/sessions/\(session)")
        return (state["messages"]?.items ?? []).filter { $0["role"]?.string == "assistant" }.map { message in
            message["parts"]?.items.filter { $0["type"]?.string == "text" }.compactMap { $0["text"]?.string }.joined() ?? ""
        }
    }

    /// No event came twice, none is out of its order, and none says what was said already.
    func expectOrder() throws {
        let positions = reader.lines.map { String($0.dropFirst(7).prefix(21)) }
        #expect(positions == positions.sorted() && Set(positions).count == positions.count)
        let log = try fixture.relay.log(session)
        #expect(log.prefix(reader.lines.count) == reader.lines[...])
        let faults = SaidOnceCheck(try TopicHistory(log)).faults
        #expect(faults == [])
    }
}
