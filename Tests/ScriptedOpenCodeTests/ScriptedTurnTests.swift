// A turn of the scripted agent is one of the real server's: the same events in the same order with the same fields.

import Foundation
import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct ScriptedTurnTests {
    static func recording(_ name: String) throws -> Recording {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../protocol/recordings/opencode2")
        return try Recording(ndjson: Array(Data(contentsOf: folder.appending(path: name + ".ndjson"))))
    }

    private static func turn(_ prompt: String) throws -> AgentDriver {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, prompt)
        try drive.run(deciding: "once")
        return drive
    }

    /// What a directory tells at any time is no part of a turn.
    private static func turnTypes(_ types: [String]) -> [String] { AgentDriver.folded(types.filter { $0 != "project.updated" }) }

    @Test(arguments: [("hello", "hello"), ("tools_once", "add authentication please")])
    func `plays the events of a recorded turn in their order`(_ name: String, _ prompt: String) throws {
        let recorded = Self.turnTypes(try Self.recording(name).types)
        #expect(Self.turnTypes(try Self.turn(prompt).types) == recorded)
        #expect(recorded.count > 10)
    }

    @Test(arguments: [("hello", "hello"), ("tools_once", "add authentication please")])
    func `gives every event the fields of the recorded one`(_ name: String, _ prompt: String) throws {
        var recorded: [String: Set<String>] = [:]
        for frame in try Self.recording(name).frames where frame.bytes.starts(with: "data: ".utf8) {
            let value = try JSON.parse(Array(frame.bytes.dropFirst(6)))
            recorded[try #require(value["type"]?.string), default: []].formUnion(Self.fields(value))
        }
        var played: [String: Set<String>] = [:]
        for event in try Self.turn(prompt).events { played[event.type, default: []].formUnion(Self.fields(event.value)) }
        for (type, fields) in played { #expect(fields == recorded[type], "\(type)") }
    }

    /// Names at the top and in `data`.
    private static func fields(_ value: JSONValue) -> [String] {
        value.members.map(\.key) + (value["data"]?.members.map { "data." + $0.key } ?? [])
    }

    @Test func `counts durable events without a repetition and with the hole before the title`() throws {
        let sequence = try Self.turn("hello").events.compactMap { $0.value["durable"]?["seq"]?.int }
        #expect(sequence == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12])
    }

    @Test func `collects deltas for a tenth of a second and ends with the whole text`() throws {
        let events = try Self.turn("hello").events
        let deltas = events.filter { $0.type == "session.text.delta" }
        let text = try #require(events.first { $0.type == "session.text.ended" }?.data?["text"]?.string)
        #expect(deltas.compactMap { $0.data?["delta"]?.string }.joined() == text)
        let times = deltas.compactMap { $0.value["created"]?.int }
        #expect(zip(times, times.dropFirst()).dropLast().allSatisfy { $1 - $0 == 100 })
        #expect(deltas.count == 4)
    }

    @Test func `says three thousand words in a few pieces of four kilobytes at most`() throws {
        let deltas = try Self.turn("firehose 3000").events.filter { $0.type == "session.text.delta" }
        let sizes = deltas.compactMap { $0.data?["delta"]?.string?.utf8.count }
        #expect((2...8).contains(sizes.count) && sizes.allSatisfy { $0 < 4100 })
    }

    @Test func `shows no text by REST before it has ended`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "hello")
        try drive.run(until: "session.text.delta")
        let open = try drive.ask("GET", "/session/\(session)/message").value?["data"]?.items.first
        #expect(open?["content"]?.items.first?["text"]?.string == "")
        #expect(open?["time"]?["completed"] == nil)
        #expect(try drive.ask("GET", "/session/active").value?["data"]?.members.map(\.key) == [session])
        try drive.run()
        let rows = try #require(try drive.ask("GET", "/session/\(session)/message").value?["data"]?.items)
        #expect(rows.compactMap { $0["type"]?.string } == ["idle", "assistant", "user"])
        #expect(rows[1]["content"]?.items.first?["text"]?.string?.hasPrefix("Hello!") == true)
        #expect(try drive.ask("GET", "/session/\(session)").value?["data"]?["outcome"]?.string == "succeeded")
    }

    @Test func `gives the same bytes for the same seed`() throws {
        let first = try Self.turn("add authentication please").events.map { Array($0.value.raw) }
        #expect(try Self.turn("add authentication please").events.map { Array($0.value.raw) } == first)
    }

    @Test func `floods with numbered deltas, each once, and only for those who have room`() throws {
        var drive = AgentDriver()
        let session = try drive.newSession()
        try drive.prompt(session, "flood 2500")
        while drive.agent.nextTime != nil { try drive.step() }
        #expect(drive.agent.isFlooding)
        #expect(drive.events.allSatisfy { $0.type != "session.text.delta" })
        try drive.run()
        let numbers = drive.events.filter { $0.type == "session.text.delta" }.compactMap {
            $0.data?["delta"]?.string?.split(separator: " ").first
        }
        #expect(numbers.compactMap { Int($0.dropFirst()) } == Array(0..<2500))
        #expect(drive.types.last == "session.execution.succeeded")
    }
}
