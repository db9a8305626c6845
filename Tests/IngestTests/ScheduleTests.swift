import Foundation
import RelayProtocol
import TestSupport
import Testing

@testable import Ingest

/// Random schedules: whatever was cut, refused, slow or killed, the log ends as OpenCode is.
@Suite(.ownThread) struct ScheduleTests {
    private static let scale = ProcessInfo.processInfo.environment["REPRISE_TEST_SCALE"].flatMap { Int($0) } ?? 1

    @Test(arguments: 0..<UInt64(40 * scale)) func `the log ends as OpenCode is, and nothing stands in it twice`(seed: UInt64) throws {
        var simulation = IngestSimulation(seed: seed)
        for _ in 0..<600 { simulation.step() }
        simulation.calm()
        var compared = 0
        for (id, session) in simulation.sessions {
            // A session that nobody opened is its row; one that was followed or healed is whole.
            guard let fold = simulation.folds[id], !fold.messages.isEmpty else { continue }
            compared += 1
            let oldest = fold.messages[0].created
            #expect(fold.messages.map(\.created) == session.messages.filter { $0 >= oldest }, "\(id), seed \(seed)")
            #expect((fold.status == .busy) == session.isBusy, "\(id), seed \(seed)")
            #expect(Self.doubled(simulation.log[id] ?? []) == [], "\(id), seed \(seed)")
        }
        #expect(compared > 0, "nothing was compared, seed \(seed)")
        #expect(Self.unhealed(simulation.log["opencode"] ?? []) == [], "seed \(seed)")
        #expect(
            simulation.machine.outages.pending.isEmpty && simulation.machine.reading.isEmpty && simulation.machine.waitingBytes == 0,
            "seed \(seed)")
        let busy = simulation.sessions.values.filter(\.isBusy).count
        #expect(simulation.machine.followedSessions == busy, "seed \(seed)")
    }

    /// Messages that were said while the fold had them.
    private static func doubled(_ events: [Event]) -> [String] {
        var said: Set<String> = []
        return events.compactMap { event in
            guard let id = event.id else { return nil }
            if event.kind == .messageRemoved { said.remove(id) }
            return event.kind == .message && !said.insert(id).inserted ? id : nil
        }
    }

    /// Outages whose last word is not that they are healed; one that a restart cut off before it was known to be pending says so again.
    private static func unhealed(_ events: [Event]) -> [String] {
        var last: [String: String] = [:]
        for event in events where event.kind == .outage { last[event.id ?? ""] = MachineDriver.short(event) }
        return last.filter { $0.value.hasPrefix("outage") }.keys.sorted()
    }
}
