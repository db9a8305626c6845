// A turn that was over when the stream came back: its last answer says how it ended.

import OpenCode
import RelayProtocol
import Testing

@Suite struct UnheardEndTests2 {
    private static let finished = #","completed":9,"finish":"stop""#
    private static let prompt = Driven2.message("msg_1", "user", created: 1)
    private static func answer(_ id: String, _ rest: String) -> MessageRead { Driven2.message(id, "assistant", created: 3, rest) }
    private static let note = Driven2.message("msg_n", "system", created: 4, #","extra":{"description":"Continuing after restart"}"#)

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let read: [MessageRead]
        let turns: [String]
    }

    static let rows = [
        Row(testDescription: "answered", read: [prompt, answer("msg_2", finished)], turns: ["done msg_1"]),
        Row(testDescription: "cut short", read: [prompt, answer("msg_2", "")], turns: ["interrupted msg_1"]),
        Row(
            testDescription: "completed by a kill's end", read: [prompt, answer("msg_2", #","completed":9"#)], turns: ["interrupted msg_1"]),
        Row(testDescription: "nothing yet", read: [prompt], turns: ["interrupted msg_1"]),
        Row(
            testDescription: "a tool was called", read: [prompt, answer("msg_2", #","completed":9,"finish":"tool-calls""#)],
            turns: ["interrupted msg_1"]),
        Row(
            testDescription: "an error", read: [prompt, answer("msg_2", finished + #","error":{"name":"x","message":"y"}"#)],
            turns: ["interrupted msg_1"]),
        Row(
            testDescription: "taken up again after a restart, and answered",
            read: [prompt, answer("msg_2", #","completed":9"#), note, answer("msg_3", finished)], turns: ["done resumed msg_1"]),
        Row(
            testDescription: "another prompt was answered too",
            read: [prompt, answer("msg_2", finished), Driven2.message("msg_4", "user", created: 5), answer("msg_5", finished)],
            turns: ["done msg_1 msg_4"]),
        Row(
            testDescription: "another prompt was not answered",
            read: [prompt, answer("msg_2", finished), Driven2.message("msg_4", "user", created: 5)], turns: ["interrupted msg_1 msg_4"]),
    ]

    private static func told(_ driven: Driven2) -> [String] {
        driven.folded.turns.map { ([$0.state.rawValue] + ($0.resumed ? ["resumed"] : []) + $0.prompts).joined(separator: " ") }
    }

    @Test(arguments: rows) func `its last answer says how it ended`(_ row: Row) {
        var driven = Driven2.running()
        driven.restart()
        driven.settle {
            $0.status = .idle
            $0.messages = row.read
        }
        #expect(Self.told(driven) == row.turns)
        #expect(driven.folded.status == .idle)
    }

    @Test func `a turn that began and ended unheard is one of its own`() {
        var driven = Driven2.running()
        driven.durable("session.execution.succeeded")
        driven.restart()
        let later = [
            Driven2.message("msg_4", "user", created: 2_000_000), Driven2.message("msg_5", "assistant", created: 2_000_001, Self.finished),
        ]
        driven.settle {
            $0.status = .idle
            $0.messages = [Self.prompt, Self.answer("msg_2", Self.finished)] + later
        }
        #expect(Self.told(driven) == ["done msg_1", "done msg_4"])
        driven.restart()
        driven.settle {
            $0.status = .idle
            $0.messages = [Self.prompt, Self.answer("msg_2", Self.finished)] + later
        }
        #expect(Self.told(driven) == ["done msg_1", "done msg_4"], "once")
    }

    // What is held while the read is made.

    @Test func `a run that the read has closed is not told again by its held frames`() {
        var driven = Driven2.running()
        driven.durable("session.execution.succeeded")
        driven.restart()
        let later = [
            Driven2.message("msg_4", "user", created: 2_000_000), Driven2.message("msg_5", "assistant", created: 2_000_001, Self.finished),
        ]
        let held = driven.sequence
        driven.settle {
            $0.status = .idle
            $0.sequence = held + 5
            $0.messages = [Self.prompt, Self.answer("msg_2", Self.finished)] + later
        }
        #expect(Self.told(driven) == ["done msg_1", "done msg_4"])
        driven.prompt("msg_4")
        driven.step("msg_5")
        #expect(Self.told(driven) == ["done msg_1", "done msg_4"])
        #expect(driven.folded.status == .idle)
        driven.durable("session.execution.failed", #""error":{"type":"x","message":"y"}"#)
        #expect(Self.told(driven) == ["done msg_1", "failed msg_4"], "the frame knows better how it ended")
        driven.prompt("msg_6")
        #expect(Self.told(driven) == ["done msg_1", "failed msg_4", "started msg_6"])
    }

    @Test(arguments: [true, false]) func `a turn that was declined while the read was made is stopped`(_ isPermission: Bool) {
        var driven = Driven2.running()
        driven.restart()
        driven.settle { $0.status = .idle }
        #expect(Self.told(driven) == ["interrupted msg_1"])
        if isPermission {
            driven.volatile("permission.replied", #""requestID":"per_1","reply":"reject""#)
        } else {
            driven.volatile("form.cancelled", #""id":"frm_1""#)
        }
        driven.durable("session.execution.interrupted", #""reason":"shutdown""#)
        #expect(Self.told(driven) == ["stopped msg_1"])
    }

    @Test func `a run whose start is held was not resumed`() {
        var driven = Driven2()
        driven.enqueue("msg_1")
        driven.restart()
        driven.settle {
            $0.status = .busy
            $0.sequence = 3
            $0.messages = [Self.prompt]
        }
        #expect(Self.told(driven) == ["started resumed msg_1"])
        driven.durable("session.execution.started")
        driven.durable("session.inbox.delivered", #""inboxID":"msg_1""#)
        #expect(Self.told(driven) == ["started msg_1"])
        driven.durable("session.execution.succeeded")
        #expect(Self.told(driven) == ["done msg_1"])
    }
}
