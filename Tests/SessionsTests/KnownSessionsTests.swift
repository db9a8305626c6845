import RelayProtocol
import Sessions
import TestSupport
import Testing

/// What ingest is told at a start.
@Suite struct KnownSessionsTests {
    @Test func `what was heard live does not pass for what upstream said last`() async throws {
        let log = try TestLog()
        try await log.append([SampleEvents.session("ses_1")], to: "ses_1")
        let before = try await log.read { try SessionReads.knownSessions(in: $0) }
        try await log.append([.turn(Turn(number: 1, state: .started)), .turn(Turn(number: 1, state: .done))], to: "ses_1")
        let after = try await log.read { try SessionReads.knownSessions(in: $0) }
        #expect(before == after && after.count == 1)
    }
}
