// The program dies in the middle of a turn and comes back: the OpenCode that it had started itself, or found, is taken up again. No second
// server, none left behind, and the turn is followed to its end.

import Foundation
import Glibc
import TestSupport
import Testing
import Wire

extension RealServers {
    @Suite(.serialized) struct AdoptionTests {
        @Test(.timeLimit(.minutes(3)), .enabled(if: OpenCodeGeneration.first.binary != nil, "OPENCODE1_BIN is not set"))
        func `takes back the child of an earlier life`() throws {
            let model = try ScriptedModel(tokensPerSecond: 100)
            let home = try OpenCodeFolder(
                .first, binary: try #require(OpenCodeGeneration.first.binary), modelPort: model.port, password: "of nobody")
            defer {
                for pid in ServerProcesses.of(home: home.home) { kill(pid, SIGKILL) }
                model.stop()
                home.remove()
            }
            let relay = try RelayProcess(["--opencode", "auto", "--directory", home.project], environment: home.environment)
            try relay.program.error(with: "opencode started")
            try relay.program.error(with: "upstream connected")
            let child = try Self.child(relay)
            let (session, position) = try Self.dieInATurn(relay)
            #expect(ServerProcesses.of(home: home.home) == [child.pid])
            try relay.start()
            try relay.program.error(with: "opencode taken back")
            try Self.follow(session, after: position, relay, child.api)
            #expect(try Self.child(relay).pid == child.pid)
            #expect(ServerProcesses.of(home: home.home) == [child.pid])
            #expect(try relay.drain() == .exited(0))
            #expect(ServerProcesses.of(home: home.home) == [])
        }

        @Test(.timeLimit(.minutes(3)), .enabled(if: OpenCodeGeneration.second.binary != nil, "OPENCODE2_BIN is not set"))
        func `finds the person's service again`() throws {
            let opencode = try RealOpenCode(.second, as: .service, tokensPerSecond: 100)
            defer { opencode.stop() }
            let service = try #require(opencode.pid)
            let relay = try RelayProcess(
                ["--opencode", "auto", "--directory", opencode.project], environment: opencode.folder.environment)
            try relay.program.error(with: "upstream connected")
            let (session, position) = try Self.dieInATurn(relay)
            #expect(ServerProcesses.of(home: opencode.folder.home) == [service])
            try relay.start()
            try relay.program.error(with: "upstream connected")
            try Self.follow(session, after: position, relay, opencode.api)
            #expect(ServerProcesses.of(home: opencode.folder.home) == [service])
            #expect(try relay.drain() == .exited(0))
            #expect(ServerProcesses.of(home: opencode.folder.home) == [service])
        }

        /// The child as the data folder knows it.
        private static func child(_ relay: RelayProcess) throws -> (pid: Int32, api: OpenCodeAPI) {
            let record = try JSON.parse([UInt8](Data(contentsOf: URL(filePath: relay.data + "/opencode.json"))))
            let port = try #require(record["url"]?.string?.split(separator: ":").last.flatMap { UInt16($0) })
            return (Int32(try #require(record["pid"]?.int)), OpenCodeAPI(.first, port: port, password: record["password"]?.string ?? ""))
        }

        /// The program is killed while words stream. Gives the session, and the position that was heard last.
        private static func dieInATurn(_ relay: RelayProcess) throws -> (session: String, position: String) {
            let session = try #require(try relay.post("/v1/sessions", #"{"title":"A play"}"#)["id"]?.string)
            let reader = try TopicReader(relay, "/v1/sessions/\(session)")
            try relay.post("/v1/sessions/\(session)/chat", #"{"content":"long please"}"#)
            for _ in 0..<3 { try reader.until { $0.isEvent("delta") } }
            try relay.kill()
            return (session, try #require(reader.position))
        }

        private static func follow(_ session: String, after position: String, _ relay: RelayProcess, _ opencode: OpenCodeAPI) throws {
            let reader = try TopicReader(relay, "/v1/sessions/\(session)", after: position)
            #expect(try reader.untilIdle() == "done")
            #expect(reader.events.contains { $0.isEvent("outage") })
            let log = try relay.log(session)
            #expect(log.count { $0.contains(#""event":{"type":"turn""#) && $0.contains(#""state":"done""#) } == 1)
            let (ours, theirs) = (try SessionContent.ours(session, relay.api), try SessionContent.theirs(session, opencode))
            #expect(SessionComparison(ours: ours, theirs: theirs, mayBeCut: false, heard: [:]).differences == [])
        }
    }
}
