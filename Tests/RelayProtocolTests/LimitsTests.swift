import RelayProtocol
import Testing
import Wire

@Suite struct LimitsTests {
    @Test func `an event fits its line, and a page its snapshot`() {
        #expect(Limits.eventBytes + EventLine.envelopeBytes <= Limits.lineBytes)
        #expect(Limits.longestPageBytes + 64 << 10 <= Limits.lineBytes)
        #expect(Limits.pageBytes <= Limits.longestPageBytes)
        #expect(Limits.pageMessages <= Limits.mostPageMessages && Limits.pageEvents <= Limits.mostPageEvents)
    }

    @Test func `what is not cut out to a blob fits an event`() {
        #expect(Limits.deltaBytes < Limits.stringBytes && Limits.stringBytes < Limits.textBytes && Limits.textBytes < Limits.eventBytes)
    }

    @Test func `a line holds what a body may hold`() throws {
        let deep = String(repeating: "[", count: Limits.depth - 1) + String(repeating: "]", count: Limits.depth - 1)
        _ = try JSON.parse(bytes(#"{"a":"# + deep + "}"), depth: Limits.depth)
        var state = FoldedSession()
        state.apply(.message("m", bytes(#"{"id":"m","created":1}"#)))
        state.apply(.part("p", bytes(#"{"id":"p","message":"m","type":"tool","input":"# + deep + "}")))
        let line = ControlLine.snapshot(at: .origin, state: state.answer(position: .origin))
        _ = try JSON.parse(line, depth: Limits.lineDepth)
        #expect(state.messages[0].parts.count == 1)
    }

    @Test func `rings grow by doubling, and time runs in order`() {
        #expect((Limits.largestRingBytes / Limits.ringBytes).nonzeroBitCount == 1 && Limits.largestRingBytes % Limits.ringBytes == 0)
        #expect(Limits.lineBytes * 2 <= Limits.largestRingBytes && Limits.largestRingBytes <= Limits.allRingsBytes)
        #expect(Limits.heartbeatMilliseconds < Limits.stalledSeconds * 1000 && Limits.importSeconds < Limits.waitSeconds)
        #expect(Limits.positionBytes >= Position.textBytes)
    }

    @Test func `a command's id has its alphabet`() {
        for id in ["a", "A-Z_0.9", String(repeating: "x", count: 64)] { #expect(CommandID(id)?.text == id) }
        for id in ["", "a b", "é", "a/b", "a\n", String(repeating: "x", count: 65)] { #expect(CommandID(id) == nil) }
    }
}
