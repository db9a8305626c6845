import OpenCode
import RelayProtocol
import Testing

@testable import Sessions

/// A prompt that was accepted, and a stop behind it: in whatever order answers, commits, notes and the stream's news come, and wherever the
/// process dies, nothing runs in the end that nobody has stopped.
@Suite struct StopOrderTests {
    @Test(arguments: 1...400)
    func `a prompt begins no turn behind its stop`(seed: Int) {
        let schedule = StopSchedule(seed: seed)
        schedule.run()
        #expect(schedule.isQuiet, "seed \(seed): it does not come to an end")
        #expect(!schedule.openCode.isRunning && !schedule.openCode.hasWaiting, "seed \(seed): a turn runs that nobody stopped")
        let states = schedule.store.rows.map { "\($0.kind) \($0.state)" }
        #expect(schedule.store.rows.count == 2 && schedule.store.rows.allSatisfy(\.state.isFinal), "seed \(seed): \(states)")
        let prompt = schedule.store.rows[0]
        if prompt.state == .done { #expect(schedule.openCode.arrivals == 1, "seed \(seed)") }
        if prompt.state == .refused { #expect(schedule.openCode.arrivals == 0, "seed \(seed)") }
    }
}
