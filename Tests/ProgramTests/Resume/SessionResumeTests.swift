// Exact resume on sessions of real servers: while answers stream, the program is killed, and OpenCode is killed. Everybody has the log in the
// end, each absence is told as an outage, and what the lines fold to is what the program answers.

import Foundation
import RelayProtocol
import TestSupport
import Testing
import Wire

extension RealServers {
    @Suite struct SessionResumeTests {
        enum Victim: CaseIterable { case program, opencode, both }

        @Test(.timeLimit(.minutes(15)), arguments: OpenCodeGeneration.installed)
        func `everybody hears every event once, through cuts and kills of both sides`(_ generation: OpenCodeGeneration) throws {
            var seed = Seed(for: "session resume, \(generation)")
            let stage = try Stage(generation)
            let session = try stage.newSession()
            let audience = try Audience(of: session, stage.relay, seed: &seed)
            var absences: [String] = []
            for victim in (0..<TestScale.factor).flatMap({ _ in Victim.allCases.shuffled(using: &seed) }) {
                let deltas = Int.random(in: 1...12, using: &seed)
                absences.append(try Self.play(stage, session, audience.first, deltas: deltas, victim))
            }
            let before = audience.first.result.lines.count
            try stage.prompt(session, "hello")
            try Self.waitForTurn(audience.first, behind: before)
            let log = try stage.relay.log(session)
            try audience.check(against: log)
            #expect(audience.proxy.cuts >= 20 * TestScale.factor)
            for position in absences {
                #expect(log.contains { $0.contains(#""event":{"type":"outage""#) && $0.dropFirst(7).prefix(21) > position }, "after \(position)")
            }
            try Self.compareFold(log, stage, session)
            print("cuts: \(audience.proxy.cuts), events: \(log.count)")
        }

        /// Kills somebody in the middle of an answer. Gives the last position that was heard before.
        private static func play(
            _ stage: Stage, _ session: String, _ reader: ResumingReader, deltas: Int, _ victim: Victim
        ) throws -> String {
            let before = reader.result.lines.count
            try stage.prompt(session, "long please")
            try reader.wait(for: "\(deltas) deltas") { lines in lines.dropFirst(before).count { $0.contains(#""type":"delta""#) } >= deltas }
            if victim != .opencode { try stage.relay.kill() }
            let position = reader.result.position ?? ""
            if victim != .program { stage.opencode.kill() }
            if victim != .program { try stage.opencode.restart() }
            if victim != .opencode { try stage.relay.start() }
            try stage.relay.program.error(with: "upstream connected")
            do { try waitForTurn(reader, behind: before) } catch {
                throw stage.relay.program.disappointed("after \(victim): \(error); \(try stage.relay.ask("GET", "/v1/sessions/\(session)").text.prefix(2000))")
            }
            return position
        }

        /// A turn is over that was told behind so many lines, and the session is idle.
        private static func waitForTurn(_ reader: ResumingReader, behind count: Int) throws {
            try reader.wait(for: "idle") { lines in
                let turn = lines.dropFirst(count).last { $0.contains(#""event":{"type":"turn""#) }
                let status = lines.last { $0.contains(#""event":{"type":"status""#) }
                return turn?.contains(#""state":"started""#) == false && status?.contains(#""status":"idle""#) == true
            }
        }

        /// The lines from the first one on, and the answer: the same state.
        private static func compareFold(_ log: [String], _ stage: Stage, _ session: String) throws {
            var folded = FoldedSession()
            for line in log { folded.apply(payload: try #require(try JSON.parse(Array(line.utf8), depth: 1024)["event"]).copied()) }
            let answer = try stage.relay.get("/v1/sessions/\(session)?limit=100")
            let ours = SaidMessage.ours(answer)
            let theirs = SaidMessage.ours(try JSON.parse(folded.canonicalForm, depth: 1024))
            #expect(Array(theirs.suffix(ours.count)) == ours)
        }
    }
}
