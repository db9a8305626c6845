// A person goes from 1.18 to 2.x, which takes the database over, and the program's data folder is kept: sessions go on in their topics, what
// the program knew of them stays, and nothing is said a second time.

import Foundation
import TestSupport
import Testing
import Wire

@testable import reprise_bench

extension RealServers {
    @Suite(.serialized, .enabled(if: OpenCodeGeneration.installed.count == 2, "OPENCODE1_BIN and OPENCODE2_BIN are not both set"))
    struct UpgradeTests {
        @Test(.timeLimit(.minutes(4))) func `goes on under 2.x with the sessions of 1.18`() throws {
            let fixture = try RealFixture(.first)
            let sessions = try [Self.talk(fixture), Self.work(fixture), Self.cutShort(fixture)]
            let (logs, before) = (try sessions.map(fixture.relay.log), try sessions.map { try SessionContent.ours($0, fixture.relay.api) })
            try fixture.relay.kill()

            let next = try RealOpenCode(.second) { try Self.hand(fixture.opencode.folder, to: $0) }
            defer { next.stop() }
            try next.folder.configure(fixture.opencode.project)
            fixture.relay.arguments = ["--opencode", next.url, "--directory", fixture.opencode.project]
            fixture.relay.environment["OPENCODE_PASSWORD"] = next.password
            try fixture.relay.start()
            try fixture.relay.program.error(with: "upstream connected")
            for (session, known) in zip(sessions, before) {
                #expect(try SessionContent.ours(session, fixture.relay.api).messages.map(\.id) == known.messages.map(\.id))
                let reader = try fixture.reader(session, after: fixture.relay.get("/v1/sessions/\(session)")["position"]?.string)
                try fixture.prompt(session, "markdown please")
                #expect(try reader.untilIdle() == "done")
            }
            for (number, session) in sessions.enumerated() { try Self.compare(session, fixture, next, before[number], logs[number]) }
        }

        private static func talk(_ fixture: RealFixture) throws -> String {
            let session = try fixture.newSession("Talk")
            let reader = try fixture.reader(session)
            try fixture.prompt(session, "think hard")
            #expect(try reader.untilIdle() == "done")
            return session
        }

        private static func work(_ fixture: RealFixture) throws -> String {
            let session = try fixture.newSession("Work")
            let reader = try fixture.reader(session)
            try fixture.prompt(session, "edit once please")
            try fixture.relay.post("/v1/sessions/\(session)/permissions/\(reader.untilAsked())", #"{"reply":"once"}"#)
            #expect(try reader.untilIdle() == "done")
            return session
        }

        /// OpenCode dies in the middle of it.
        private static func cutShort(_ fixture: RealFixture) throws -> String {
            let session = try fixture.newSession("Cut short")
            let reader = try fixture.reader(session)
            try fixture.prompt(session, "long please")
            for _ in 0..<20 { try reader.until { $0.isEvent("delta") } }
            fixture.opencode.kill()
            return session
        }

        /// 2.x takes the database over at its first start.
        private static func hand(_ old: OpenCodeFolder, to new: OpenCodeFolder) throws {
            let (from, to) = (old.home + "/.local/share/opencode", new.home + "/.local/share/shuvcode")
            try FileManager.default.createDirectory(atPath: to, withIntermediateDirectories: true)
            for name in ["opencode.db", "opencode.db-wal"] where FileManager.default.fileExists(atPath: "\(from)/\(name)") {
                try FileManager.default.copyItem(atPath: "\(from)/\(name)", toPath: "\(to)/\(name)")
            }
        }

        private static func compare(
            _ session: String, _ fixture: RealFixture, _ next: RealOpenCode, _ before: SessionContent, _ log: [String]
        ) throws {
            let after = try SessionContent.ours(session, fixture.relay.api)
            // The topic goes on; what was known stays word for word.
            let longer = try fixture.relay.log(session)
            #expect(Array(longer.prefix(log.count)) == log)
            let faults = SaidOnceCheck(try TopicHistory(longer)).faults
            #expect(faults == [])
            #expect(Array(after.messages.prefix(before.messages.count)).map(\.parts) == before.messages.map(\.parts))
            // No message and no part is there twice, and there are no others than OpenCode has.
            let theirs = try SessionContent.theirs(session, next.api)
            #expect(after.messages.map(\.id) == theirs.messages.map(\.id))
            #expect(Array(after.messages.dropFirst(before.messages.count)) == Array(theirs.messages.dropFirst(before.messages.count)))
            #expect(after.title == theirs.title)
            let turns = try fixture.relay.get("/v1/sessions/\(session)")["turns"]?.items.compactMap { $0["turn"]?.int } ?? []
            #expect(turns == [1, 2])
        }
    }
}
