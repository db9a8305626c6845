// No recording is forgotten, and whoever leaves one out says why.

import Foundation
import ScriptedOpenCode
import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct RecordedListTests {
    private static let generations = [ScriptedGeneration.first, .second]

    private static func recorded(_ generation: ScriptedGeneration) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: ServerRecording.folder(generation).path)
            .filter { $0.hasSuffix(".ndjson") }.map { String($0.dropLast(".ndjson".count)) }.sorted()
    }

    @Test(arguments: generations) func `has every recording in exactly one list`(_ generation: ScriptedGeneration) throws {
        let recorded = try Self.recorded(generation)
        #expect(RecordedCases.of(generation).names.sorted() == recorded)
        #expect(recorded.count > 60)
    }

    /// The agent's answer to a call that it does not know.
    private static func knows(_ method: String, _ target: String, _ body: String, _ generation: ScriptedGeneration) throws -> Bool {
        var drive = AgentDriver(generation)
        let session = try drive.newSession()
        let answer = try drive.exchange(method, IDNames.replacing(target) { $0.hasPrefix("ses_") ? session : $0 }, body)
        return generation == .first ? answer.type != "text/html" : !(answer.status == 404 && answer.body.isEmpty)
    }

    @Test(arguments: generations)
    func `leaves out what is about calls that the agent does not know`(_ generation: ScriptedGeneration) throws {
        var names = 0
        for recording in RecordedCases.of(generation).leftOut {
            guard case .calls(let calls) = recording.reason else { continue }
            let lines = try ServerRecording(recording.name, generation).lines
            for call in calls {
                let found = lines.compactMap { line -> (method: String, target: String, body: String)? in
                    guard case .request(_, let method, let target, let body) = line.line else { return nil }
                    return ServerRecording.isOne(method, target, of: [call]) ? (method, target, body) : nil
                }
                let first = try #require(found.first, "\(recording.name) has no \(call)")
                #expect(try !Self.knows(first.method, first.target, first.body, generation), "\(recording.name) can be played: \(call)")
            }
            names += 1
        }
        #expect(names > 4)
    }

    @Test(arguments: generations)
    func `passes over what the agent does not know, and nothing else`(_ generation: ScriptedGeneration) throws {
        for recording in RecordedCases.of(generation).played {
            for line in try ServerRecording(recording.name, generation).lines {
                guard case .request(_, let method, let target, let body) = line.line,
                    ServerRecording.isOne(method, target, of: recording.passesOver)
                else { continue }
                #expect(try !Self.knows(method, target, body, generation), "\(recording.name): \(method) \(target)")
            }
        }
    }
}
