import Testing

@testable import Sessions

@Suite struct PendingDeltasTests {
    @Test func `without deltas the rows are as far as the events`() {
        var pending = PendingDeltas(through: 4)
        pending.passed(bytes: 1_000_000)
        pending.reached(9)
        #expect(pending.through == 9)
        #expect(!pending.isDue)
    }

    @Test func `a waiting delta holds the rows back until its part is said or it is folded in`() {
        var pending = PendingDeltas(through: 4)
        pending.heard(delta: "a", bytes: 10)
        pending.heard(delta: "b", bytes: 10)
        pending.reached(6)
        #expect(pending.through == 4)
        pending.settled(part: "a")
        pending.reached(7)
        #expect(pending.through == 4)
        pending.settled(part: "b")
        pending.reached(8)
        #expect(pending.through == 8)
    }

    @Test func `folding is due after 64 KiB of text, or a long way between deltas`() {
        var pending = PendingDeltas(through: 0)
        for _ in 0..<64 { pending.heard(delta: "a", bytes: 1024) }
        #expect(!pending.isDue)
        pending.heard(delta: "b", bytes: 1)
        #expect(pending.isDue)
        pending.folded(through: 65)
        #expect(!pending.isDue && pending.isEmpty)
        pending.heard(delta: "a", bytes: 1)
        pending.passed(bytes: 256 * 1024)
        #expect(pending.isDue)
    }
}
