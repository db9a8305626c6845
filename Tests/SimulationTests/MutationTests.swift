import ScriptedOpenCode
import TestSupport
import Testing

/// The checks find what they are for: each fault is put in on purpose, in the simulation's own parts, and must be found.
@Suite(.ownThread) struct MutationTests {
    private func expectFound(_ promises: [String], _ change: (inout ScheduleKind) -> Void) {
        var kind = ScheduleKind()
        change(&kind)
        let began = ContinuousClock.now
        let found = SeedSweep(kind).find(in: 0..<2000)
        print("mutation: \(found.map { "seed \($0.seed): \($0.violation)" } ?? "not found") after \(began.duration(to: .now))")
        #expect(found.map { finding in promises.contains { finding.violation.contains($0) } } == true)
    }

    @Test func `fan-out before the commit is found`() { expectFound(["P1", "P2"]) { $0.logFault = .fanOutBeforeCommit } }
    @Test func `an offset that is used again is found`() { expectFound(["P4"]) { $0.logFault = .offsetReused } }
    @Test func `a healed event that is said twice is found`() {
        for generation in ScriptedGeneration.allCases {
            expectFound(["P5"]) { ($0.upstream, $0.agentFault) = (generation, .healDoubled) }
        }
    }

    @Test func `a command that is sent twice is found`() {
        for generation in ScriptedGeneration.allCases {
            expectFound(["P7"]) { ($0.upstream, $0.agentFault) = (generation, .commandTwice) }
        }
    }

    @Test func `a reply that is sent twice after a restart is found`() {
        for generation in ScriptedGeneration.allCases {
            expectFound(["P7"]) { ($0.upstream, $0.asks, $0.agentFault) = (generation, true, .replyTwice) }
        }
    }

    @Test func `a hole between replay and live is found`() { expectFound(["P2"]) { $0.readerFault = .shortPage } }

    @Test func `a reader who is sent away from what is there is found`() { expectFound(["P3"]) { $0.readerFault = .sessionNotFound } }
}
