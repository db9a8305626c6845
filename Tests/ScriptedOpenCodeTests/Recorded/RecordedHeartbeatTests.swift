// Nothing happens in the recordings `quiet` but the opening of a stream and its heartbeats.

import Foundation
import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct RecordedHeartbeatTests {
    /// Every piece of the stream, with its time; ids are all alike.
    private static func recorded(_ generation: ScriptedGeneration) throws -> [(time: Int, text: String)] {
        let bytes = try Data(contentsOf: ServerRecording.folder(generation).appending(path: "quiet.ndjson"))
        return try bytes.split(separator: 0x0A).compactMap { line in
            let value = try JSON.parse([UInt8](line))
            return value["raw"]?.string.map { (value["t"]?.int ?? 0, alike($0)) }
        }
    }

    private static func alike(_ text: String) -> String {
        text.replacing(/evt_[0-9A-Za-z]+/, with: "evt_1")
    }

    @Test(arguments: [ScriptedGeneration.first, .second])
    func `opens its stream and beats as the real server does`(_ generation: ScriptedGeneration) throws {
        let recorded = try Self.recorded(generation)
        var agent = ScriptedOptions(generation).agent()
        let target = generation == .first ? "/global/event" : "/api/event"
        guard case .events(let opening) = agent.respond(method: "GET", target: target, body: [], now: 1) else {
            Issue.record("no stream")
            return
        }
        let start = recorded.filter { $0.time < 1000 }.map(\.text).joined()
        #expect(Self.alike(String(decoding: opening, as: UTF8.self)) == start && !start.isEmpty)
        let beats = recorded.filter { $0.time >= 1000 }
        #expect(beats.count > 1)
        #expect(beats.allSatisfy { $0.text == Self.alike(String(decoding: agent.heartbeat(at: 1), as: UTF8.self)) })
        let interval = Int(agent.heartbeatInterval / .milliseconds(1))
        for (one, next) in zip(beats, beats.dropFirst()) { #expect(abs(next.time - one.time - interval) < 50) }
    }
}
