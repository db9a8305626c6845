import Broker
import RelayProtocol
import Testing

/// The table of the protocol's section 5, cell by cell.
struct StartPlanTests {
    static let here = Position(epoch: Epoch(start: 7, random: 1), offset: 39)
    static let floor = Position(epoch: Epoch(start: 6, random: 1), offset: 12)
    static let reasons: [ControlLine.Reason] = [.malformed, .epoch, .pastEnd]

    private func expect(
        _ verdict: ResumeVerdict, isSession: Bool, _ start: ControlLine.Start, _ reason: ControlLine.Reason?, _ steps: [StartPlan.Step],
        _ location: SourceLocation = #_sourceLocation
    ) {
        let plan = StartPlan(verdict, isSession: isSession)
        #expect(plan.start == start, sourceLocation: location)
        #expect(plan.reason == reason, sourceLocation: location)
        #expect(plan.steps == steps, sourceLocation: location)
    }

    @Test func `without a position a session begins with a snapshot, any other topic at its head`() {
        expect(.none(head: Self.here), isSession: true, .snapshot, nil, [.snapshot])
        expect(.none(head: Self.here), isSession: false, .exact, nil, [.events(after: Self.here)])
    }

    @Test(arguments: [true, false]) func `earliest is exact over all that is kept`(isSession: Bool) {
        expect(.earliest(Self.floor), isSession: isSession, .exact, nil, [.events(after: Self.floor)])
    }

    @Test(arguments: [true, false]) func `a position after which nothing was removed is exact`(isSession: Bool) {
        expect(.valid(Self.here), isSession: isSession, .exact, nil, [.events(after: Self.here)])
    }

    @Test func `a position after which something was removed is a snapshot of a session and a gap elsewhere`() {
        expect(.removed(floor: Self.floor), isSession: true, .snapshot, .compacted, [.snapshot])
        expect(.removed(floor: Self.floor), isSession: false, .gap, .compacted, [.gap(.compacted), .events(after: Self.floor)])
    }

    @Test(arguments: reasons) func `what is no position of the topic is a gap, then a snapshot or what is kept`(reason: ControlLine.Reason)
    {
        expect(.invalid(reason, floor: Self.floor), isSession: true, .gap, reason, [.gap(reason), .snapshot])
        expect(.invalid(reason, floor: Self.floor), isSession: false, .gap, reason, [.gap(reason), .events(after: Self.floor)])
    }
}
