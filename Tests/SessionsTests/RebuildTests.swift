import EventLog
import RelayProtocol
import SQLite
import Sessions
import TestSupport
import Testing
import Wire

@Suite struct RebuildTests {
    /// Every answer that the log's sessions give, as bytes.
    private func answers(_ log: TestLog, _ ids: [String]) async throws -> [String] {
        try await log.read { snapshot in
            var all = [text(try SessionReads.list(SessionListQuery(), in: snapshot))]
            for id in ids {
                for body in [
                    try SessionReads.open(id, in: snapshot), try SessionReads.digest(id, in: snapshot),
                    try SessionReads.children(id, in: snapshot),
                ] {
                    all.append(text(body ?? []))
                }
                var before: String?
                repeat {
                    let page = try SessionReads.messages(id, before: before, limit: 2, in: snapshot) ?? []
                    all.append(text(page))
                    before = try JSON.parse(page, depth: Limits.lineDepth)["before"]?.string
                } while before != nil
            }
            return all
        }
    }

    @Test(arguments: 1...8)
    func `a rebuild from the log gives every answer byte for byte`(seed: Int) async throws {
        let log = try TestLog()
        let ids = ["ses_a", "ses_b", "ses_c"]
        try await log.append([SampleEvents.session("ses_a")], to: "ses_a")
        try await log.append([SampleEvents.session("ses_b", parent: "ses_a")], to: "ses_b")
        var random = SeededRandom(seed: UInt64(seed))
        for round in 0..<60 {
            let id = ids[Int.random(in: 0..<3, using: &random)]
            var session = RandomSession(id, seed: UInt64(seed * 1000 + round))
            try await log.append(session.events(Int.random(in: 1...30, using: &random)), to: id)
        }
        let before = try await answers(log, ids)
        let rebuilt = try log.rebuilt()
        #expect(try await answers(rebuilt, ids) == before, "seed \(seed)")
        #expect(before.count > 9)

        // The log goes on where it was.
        try await rebuilt.append([SampleEvents.delta("prt_1", "more"), .status(.idle)], to: "ses_a")
        let after = try await answers(rebuilt, ids)
        let again = try rebuilt.rebuilt()
        #expect(try await answers(again, ids) == after)
    }
}
