// What a subscription makes of lines that no server of ours would send: nothing moves that a reconnect rests on.

import RelayProtocol
import TestSupport
import Testing

@testable import RepriseClient

@Suite(.ownThread) struct SubscriberMachineTests {
    private static let first = "0007-r7k2m-0000000041"

    private func machine() -> SubscriberMachine {
        var machine = SubscriberMachine(after: Self.first, random: SystemRandomNumberGenerator())
        _ = machine.start()
        return machine
    }

    private func bytes(_ lines: String...) -> [UInt8] { lines.flatMap { Array($0.utf8) + [0x0A] } }

    @Test(arguments: [
        #"{"at":"no where","ts":1,"event":{}}"#, #"{"at":7,"ts":1,"event":{}}"#, #"{"at":"0007-r7k2m-0000000042","ts":1}"#,
        #"{"at":"a_b","ts":1,"event":{}}"#, #"{"at":"\#(String(repeating: "a", count: 65))","ts":1,"event":{}}"#,
        #"{"type":"gap","to":"nowhere&after=","reason":"epoch"}"#, #"{"type":"snapshot","position":"","state":{}}"#,
    ])
    func `a line without a position or a payload moves nothing`(_ line: String) {
        var machine = machine()
        for case .deliver(.event(let event)) in machine.received(bytes(line)) { Issue.record("\(event) was handed over") }
        #expect(machine.position == Self.first)
    }

    @Test func `a gap without an end leaves nothing to go on from`() {
        var machine = machine()
        _ = machine.received(bytes(#"{"type":"gap","reason":"epoch"}"#))
        #expect(machine.position == nil)
    }

    @Test(arguments: ["7", "Z.9-a", String(repeating: "9", count: 64)]) func `a position of whatever form is kept as it came`(
        _ position: String
    ) {
        var machine = machine()
        let positions = machine.received(bytes(#"{"at":"\#(position)","ts":1,"event":{}}"#)).compactMap { action -> String? in
            if case .deliver(.event(let event)) = action { event.position } else { nil }
        }
        #expect(positions == [position])
        #expect(machine.position == position)
    }

    @Test(arguments: ["null", "7", String(repeating: "[", count: 128) + String(repeating: "]", count: 128)])
    func `any payload that may be published is handed over`(_ payload: String) {
        var machine = machine()
        let line = bytes(#"{"at":"0007-r7k2m-0000000042","ts":1,"event":\#(payload)}"#)
        let payloads = machine.received(line).compactMap { action -> [UInt8]? in
            if case .deliver(.event(let event)) = action { event.payload } else { nil }
        }
        #expect(payloads == [Array(payload.utf8)])
        #expect(machine.position == "0007-r7k2m-0000000042")
    }

    @Test func `the heartbeat that a message tells counts from that message on, and any byte begins the silence anew`() {
        var machine = machine()
        let told = machine.received(bytes(#"{"type":"hello","heartbeat_ms":1000}"#))
        for actions in [told, machine.listens()] {
            let waits = actions.compactMap { if case .setTimer(let wait) = $0 { wait } else { nil } }
            #expect(waits.count == 1 && waits.allSatisfy { $0 > .seconds(2) && $0 < .seconds(3) }, "\(waits)")
        }
        _ = machine.lost("cut")
        #expect(machine.listens().isEmpty, "what comes of a connection that is over is no life")
    }

    @Test(arguments: [200, 302, 408, 429, 500, 501, 502, 503, 599]) func `what may be over by itself is tried again`(_ status: Int) {
        var machine = machine()
        let actions = machine.refused(status: status, body: [], retryAfter: .seconds(7))
        for case .finish in actions { Issue.record("it gave up") }
        let waits = actions.compactMap { if case .setTimer(let wait) = $0 { wait } else { nil } }
        #expect(waits.count == 1 && waits.allSatisfy { $0 >= .seconds(7) && $0 <= .seconds(8) })
    }

    @Test(arguments: [400, 401, 403, 404, 405, 406, 409, 410, 414, 421, 426, 431]) func `what trying again cannot mend ends it`(
        _ status: Int
    ) {
        var machine = machine()
        let actions = machine.refused(status: status, body: Array(#"{"code":"because"}"#.utf8), retryAfter: nil)
        let ends = actions.compactMap { if case .finish(let error) = $0 { error } else { nil } }
        #expect(ends == [.problem(status: status, code: "because", detail: "HTTP \(status)")])
    }

    @Test(arguments: ["-9223372036854775808", "0", "9223372036854775807"])
    func `times that cannot be waited for are brought within bounds`(_ time: String) {
        var machine = machine()
        let hello = bytes(#"{"type":"hello","heartbeat_ms":\#(time)}"#, #"{"type":"drain","retry_ms":\#(time)}"#)
        _ = machine.received(hello)
        let waits = (machine.received(hello) + machine.lost("cut")).compactMap { action -> Duration? in
            if case .setTimer(let wait) = action { wait } else { nil }
        }
        #expect(waits.count == 2)
        #expect(waits.allSatisfy { $0 >= .zero && $0 <= .seconds(3 * 3600) })
    }
}
