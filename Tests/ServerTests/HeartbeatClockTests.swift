import Reactor
import TestSupport
import Testing

@testable import Server

/// A loop wakes up for heartbeats as often as there is somebody to serve, and nobody waits longer than a heartbeat.
@Suite(.ownThread) struct HeartbeatClockTests {
    private static let heartbeat = Duration.seconds(16)

    /// A clock with a timer that is never late.
    private struct Run {
        var clock = HeartbeatClock(start: Instant(nanoseconds: 0), heartbeat: HeartbeatClockTests.heartbeat)
        var slices = HeartbeatSlices()
        var now = Instant(nanoseconds: 0)
        var timer: Instant?
        var served: [(place: Int, at: Instant)] = []
        var rounds = 0

        mutating func add(_ slot: Int, at seconds: Int) {
            run(until: seconds)
            slices.add(slot)
            if let delay = clock.came(slices, at: now) { timer = now + delay }
        }

        mutating func run(until seconds: Int) {
            let end = Instant(nanoseconds: 0) + .seconds(seconds)
            while let due = timer, due < end || due == end {
                now = due
                served.append((clock.due ?? -1, now))
                if clock.beginsRound() { rounds += 1 }
                timer = clock.served(slices, at: now).map { now + $0 }
            }
            now = end
        }
    }

    @Test func `one stream wakes its loop once a heartbeat`() {
        var run = Run()
        run.add(3, at: 5)
        run.run(until: 5 + 16 * 10)
        #expect(run.served.count == 10)
        #expect(run.served.allSatisfy { $0.place % 16 == 3 })
        #expect(zip(run.served, run.served.dropFirst()).allSatisfy { $1.at - $0.at == Self.heartbeat })
        #expect(run.rounds == 10)
    }

    @Test func `who comes has its turn within a heartbeat, whoever is waited for`() {
        for slot in 0..<16 {
            var run = Run()
            run.add(0, at: 1)
            run.add(slot, at: 7)
            run.run(until: 7 + 16)
            #expect(run.served.contains { $0.place % 16 == slot && $0.at > Instant(nanoseconds: 0) + .seconds(7) }, "slot \(slot)")
        }
    }

    @Test func `many wake it as often as there are slices`() {
        var run = Run()
        for slot in 0..<200 { run.add(slot, at: 0) }
        run.run(until: 16 * 4)
        #expect(run.served.count == 16 * 4)
    }

    @Test func `nobody is waited for when all are gone`() {
        var run = Run()
        run.add(4, at: 0)
        run.slices.remove(4)
        run.run(until: 100)
        #expect(run.served.count == 1 && run.timer == nil && run.clock.due == nil)
        run.add(4, at: 101)
        #expect(run.timer != nil)
    }
}
