// Golden vectors (protocol/vectors/opencode1): for each recording the events that the adapter makes of it, in order, then for each session
// the state that they fold to, in canonical form, with its digest. Every client that folds runs them.
//
// REPRISE_WRITE_VECTORS=1 writes them anew; look at the difference before it is committed.

import Foundation
import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct VectorTests1 {
    @Test(arguments: Recording1.names) func `makes the events of its golden vector`(_ name: String) throws {
        var replay = Replay1()
        replay.play(try Recording1(name).lines)
        let made = Self.lines(replay)
        let file = Recording1.vectors.appending(path: name + ".ndjson")
        if ProcessInfo.processInfo.environment["REPRISE_WRITE_VECTORS"] == "1" {
            try FileManager.default.createDirectory(at: Recording1.vectors, withIntermediateDirectories: true)
            try Data(made.joined(separator: [0x0A]) + [0x0A]).write(to: file)
        }
        let golden = try Data(contentsOf: file).split(separator: 0x0A).map { [UInt8]($0) }
        #expect(made.count == golden.count)
        for (index, (mine, theirs)) in zip(made, golden).enumerated() where mine != theirs {
            Issue.record(
                "\(name), line \(index + 1):\n  \(String(decoding: mine, as: UTF8.self))\nbut golden\n  \(String(decoding: theirs, as: UTF8.self))"
            )
            return
        }
    }

    @Test func `every vector has its recording`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Recording1.vectors.path).filter { $0.hasSuffix(".ndjson") }
        #expect(files.map { String($0.dropLast(7)) }.sorted() == Recording1.names)
    }

    private static func lines(_ replay: Replay1) -> [[UInt8]] {
        let events = replay.said.map { session, event in
            JSONWriter.object { writer in
                writer.member("session", session)
                writer.member("event", raw: event.payload)
            }
        }
        let states = replay.sessions.sorted { $0.key < $1.key }.map { id, session in
            JSONWriter.object { writer in
                writer.member("session", id)
                writer.member("state", raw: session.folded.canonicalForm)
                writer.member("digest", session.folded.digest)
            }
        }
        return events + states
    }
}
