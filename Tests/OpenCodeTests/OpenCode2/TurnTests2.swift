import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct TurnTests2 {
    private func turn(_ number: Int, _ state: String, _ rest: String = "") -> String {
        #"{"type":"turn","turn":\#(number),"state":"\#(state)"\#(rest)}"#
    }
    private let busy = #"{"type":"status","status":"busy"}"#
    private let idle = #"{"type":"status","status":"idle"}"#

    @Test func `an execution's start opens a turn, a delivered prompt joins it`() {
        var driven = Driven2()
        driven.enqueue("msg_1")
        #expect(driven.durable("session.execution.started") == [turn(1, "started"), busy])
        let said = driven.durable("session.inbox.delivered", #""inboxID":"msg_1""#)
        #expect(said.last == turn(1, "started", #","prompts":["msg_1"]"#))
        #expect(said.count == 4)
    }

    @Test(arguments: [
        ("user", "stopped"), ("superseded", "stopped"), ("inactivity", "stopped"), ("somehow", "stopped"), ("shutdown", "interrupted"),
    ])
    func `an interruption's reason says how the turn ends`(_ reason: String, _ state: String) {
        var driven = Driven2.running()
        let said = driven.durable("session.execution.interrupted", #""reason":"\#(reason)""#)
        #expect(said == [turn(1, state, #","prompts":["msg_1"]"#), idle])
        #expect(driven.wishes == (reason == "shutdown" ? [.read] : []))
    }

    @Test func `a refusal of the provider fails the turn`() {
        var driven = Driven2.running()
        let said = driven.durable(
            "session.execution.failed", #""error":{"type":"provider.auth","message":"no","status":401,"response":{"body":"secret"}}"#)
        #expect(said.first == turn(1, "failed", #","prompts":["msg_1"],"error":{"name":"provider.auth","message":"no","status":401}"#))
    }

    @Test func `a declined permission ends the turn as stopped`() {
        var driven = Driven2.running()
        driven.ask("per_1")
        driven.volatile("permission.replied", #""requestID":"per_1","reply":"reject""#)
        #expect(
            driven.durable("session.execution.interrupted", #""reason":"shutdown""#).first == turn(1, "stopped", #","prompts":["msg_1"]"#))
    }

    @Test func `a step after a declined permission means that it went on`() {
        var driven = Driven2.running()
        driven.ask("per_1")
        driven.volatile("permission.replied", #""requestID":"per_1","reply":"reject""#)
        driven.step("msg_3")
        #expect(
            driven.durable("session.execution.interrupted", #""reason":"shutdown""#).contains(
                turn(1, "interrupted", #","prompts":["msg_1"]"#)))
    }

    @Test func `a turn ends with cards, sums, turn, status`() {
        var driven = Driven2.running()
        driven.ask("per_1")
        driven.volatile("form.created", #""form":{"id":"frm_1","sessionID":"ses_1","fields":[]}"#)
        driven.volatile("session.usage.updated", #""cost":1,"tokens":{"input":1,"output":2,"reasoning":0,"cache":{"read":0,"write":0}}"#)
        let said = driven.durable("session.execution.succeeded").map { String($0.prefix(24)) }
        #expect(
            said == [
                #"{"type":"permission.clos"#, #"{"type":"question.closed"#, #"{"type":"session","sessi"#, #"{"type":"turn","turn":1,"#,
                #"{"type":"status","status"#,
            ])
    }

    @Test func `an execution without a step is an empty turn`() {
        var driven = Driven2()
        driven.durable("session.execution.started")
        #expect(driven.durable("session.execution.succeeded") == [turn(1, "done"), idle])
    }

    @Test func `a step without a turn is a run whose start was not heard`() {
        var driven = Driven2()
        #expect(driven.step("msg_2").prefix(2) == [turn(1, "started", #","resumed":true"#), busy])
    }

    // After an interrupted turn, what comes next decides.

    private func interrupted() -> Driven2 {
        var driven = Driven2.running()
        driven.restart()
        driven.settle { $0.status = .idle }
        #expect(driven.durable("session.execution.started") == [busy])
        return driven
    }

    @Test func `a prompt after an interrupted turn is a new one`() {
        var driven = interrupted()
        driven.durable("session.tool.failed", #""assistantMessageID":"msg_2","id":"call_1","error":{"type":"aborted","message":"x"}"#)
        driven.enqueue("msg_4")
        let said = driven.durable("session.inbox.delivered", #""inboxID":"msg_4""#)
        #expect(said.contains(turn(2, "started")))
        #expect(said.last == turn(2, "started", #","prompts":["msg_4"]"#))
    }

    @Test(arguments: ["session.synthetic", "session.step.started"])
    func `a note or a step after an interrupted turn goes on with it`(_ type: String) {
        var driven = interrupted()
        let data = type == "session.synthetic" ? #""text":"Continuing""# : #""assistantMessageID":"msg_3","agent":"build","started":5"#
        #expect(driven.durable(type, data).first == turn(1, "started", #","prompts":["msg_1"],"resumed":true"#))
    }

    @Test func `an empty run after an interrupted turn is a turn of its own`() {
        var driven = interrupted()
        #expect(driven.durable("session.execution.succeeded") == [turn(2, "started"), turn(2, "done"), idle])
    }

    @Test func `the question whose run it is survives a restart`() {
        var driven = interrupted()
        driven.restart()
        driven.settle { $0.status = .busy }
        #expect(driven.folded.turns.map(\.number) == [1])
        #expect(driven.folded.turns.last?.resumed == true)
    }

    // Reads.

    @Test func `the first read of a connection interrupts what does not run`() {
        var driven = Driven2.running()
        driven.ask("per_1")
        driven.restart()
        let said = driven.settle {
            $0.status = .idle
            $0.permissions = []
        }
        #expect(
            said == [
                #"{"type":"permission.closed","id":"per_1","reply":"withdrawn"}"#, turn(1, "interrupted", #","prompts":["msg_1"]"#), idle,
            ])
        #expect(driven.translator.isBusy == false)
    }

    @Test(arguments: [SessionStatus.busy, .idle]) func `an answer that was held while the read withdrew its card is said`(
        _ status: SessionStatus
    ) {
        var driven = Driven2.running()
        driven.ask("per_1")
        driven.volatile(
            "form.created", #""form":{"id":"frm_1","sessionID":"ses_1","fields":[{"key":"q0","title":"A","type":"string","options":[]}]}"#)
        driven.restart()
        driven.settle {
            $0.status = status
            $0.permissions = []
            $0.questions = []
        }
        #expect(driven.folded.permissions.isEmpty && driven.folded.questions.isEmpty)
        let closed = [#"{"type":"permission.closed","id":"per_1","reply":"once"}"#]
        #expect(driven.volatile("permission.replied", #""requestID":"per_1","reply":"once""#) == closed)
        #expect(driven.volatile("permission.replied", #""requestID":"per_1","reply":"once""#) == [], "once")
        #expect(
            driven.volatile("form.replied", #""id":"frm_1","answer":{"q0":"x"}"#) == [
                #"{"type":"question.closed","id":"frm_1","outcome":"answered","answer":{"q0":"x"}}"#
            ])
    }

    @Test func `an end that was held tells better than the read how it ended`() {
        var driven = Driven2.running()
        driven.restart()
        driven.settle { $0.status = .idle }
        #expect(driven.durable("session.execution.succeeded") == [turn(1, "done", #","prompts":["msg_1"]"#)])
    }

    @Test func `what tells nothing of a run does not keep the first read that succeeds from judging`() {
        var driven = Driven2.running()
        driven.ask("per_1")
        driven.restart()
        driven.durable("session.renamed", #""title":"a""#)
        driven.enqueue("msg_5")
        driven.settle {
            $0.status = .idle
            $0.permissions = []
        }
        #expect(driven.folded.permissions.isEmpty)
        #expect(driven.folded.turns.map(\.state) == [.interrupted] && driven.folded.status == .idle)
        #expect(driven.translator.isBusy == false)
    }

    @Test(arguments: ["session.execution.started", "session.step.started"])
    func `a run whose beginning was heard is not closed by a read`(_ type: String) {
        var driven = Driven2.running()
        driven.restart()
        if type == "session.step.started" { driven.step("msg_3") } else { driven.durable(type) }
        driven.settle { $0.status = .idle }
        #expect(driven.folded.turns.map(\.state) == [.started] && driven.folded.status == .busy)
    }

    @Test func `a later read closes nothing`() {
        var driven = Driven2.running()
        driven.ask("per_1")
        let said = driven.settle {
            $0.status = .idle
            $0.permissions = []
        }
        #expect(said == [])
    }

    @Test func `what runs without a turn is resumed, with its prompt`() {
        var driven = Driven2()
        driven.restart()
        let said = driven.settle {
            $0.status = .busy
            $0.messages = [Driven2.message("msg_9", "user", created: 5)]
        }
        #expect(said == [turn(1, "started", #","resumed":true"#), busy, turn(1, "started", #","prompts":["msg_9"],"resumed":true"#)])
    }

    @Test func `a turn that goes on takes up the prompts that were not heard`() {
        var driven = Driven2.running()
        driven.restart()
        let said = driven.settle {
            $0.status = .busy
            $0.messages = [
                Driven2.message("msg_1", "user", created: 5), Driven2.message("msg_2", "assistant", created: 6),
                Driven2.message("msg_5", "user", created: 7),
            ]
        }
        #expect(said == [turn(1, "started", #","prompts":["msg_1","msg_5"]"#)])
    }

    @Test func `a turn that OpenCode took up after a restart says so`() {
        var driven = Driven2.running()
        driven.restart()
        let note = Driven2.message("msg_7", "system", created: 70, #","extra":{"description":"Continuing after restart"}"#)
        let said = driven.settle {
            $0.status = .busy
            $0.messages = [Driven2.message("msg_1", "user", created: 5), note]
        }
        #expect(said == [turn(1, "started", #","prompts":["msg_1"],"resumed":true"#)])

        var heard = Driven2.running()
        let first = heard.durable("session.synthetic", #""text":"go on","description":"Continuing after restart""#).first
        #expect(first == turn(1, "started", #","prompts":["msg_1"],"resumed":true"#))
    }

    @Test func `after a shutdown the session that still runs goes on`() {
        var driven = Driven2.running()
        driven.durable("session.execution.interrupted", #""reason":"shutdown""#)
        let heard = driven.sequence
        let said = driven.settle {
            $0.status = .busy
            $0.sequence = heard
        }
        #expect(said == [turn(1, "started", #","prompts":["msg_1"],"resumed":true"#), busy])
    }

    @Test func `after a shutdown a new prompt's run is told by its frames`() {
        var driven = Driven2.running()
        driven.durable("session.execution.interrupted", #""reason":"shutdown""#)
        let heard = driven.sequence
        let said = driven.settle {
            $0.status = .busy
            $0.sequence = heard + 2
        }
        #expect(said == [])
    }

    @Test func `a session that is gone ends its turn`() {
        var driven = Driven2.running()
        driven.restart()
        #expect(driven.settle { $0.isGone = true } == [turn(1, "interrupted", #","prompts":["msg_1"]"#), idle])
        #expect(driven.step("msg_3") == [])
    }

    // Counting.

    @Test func `a durable frame counts once`() {
        var driven = Driven2()
        driven.durable("session.renamed", #""title":"a""#)
        #expect(driven.durable("session.renamed", #""title":"b""#, sequence: 1) == [])
        #expect(driven.durable("session.renamed", #""title":"b""#, sequence: 0) == [])
    }

    @Test func `a jump is read again, a read covers it`() {
        var driven = Driven2()
        driven.durable("session.renamed", #""title":"a""#, sequence: 5)
        #expect(driven.wishes == [.read])
        driven.settle { $0.sequence = 9 }
        driven.durable("session.renamed", #""title":"b""#, sequence: 10)
        #expect(driven.wishes == [])
    }

    @Test func `a read may have heard the highest number there is`() {
        var driven = Driven2()
        driven.settle { $0.sequence = .max }
        driven.durable("session.renamed", #""title":"b""#)
        #expect(driven.folded.session?["title"]?.string == "b")
    }

    @Test(arguments: ["9223372036854775808", "18446744073709551615", "1e300", "0.5", #""7""#, "null"])
    func `what is no whole number counts as none`(_ number: String) {
        var driven = Driven2()
        let frame =
            #"{"id":"evt_1","created":1,"type":"session.renamed","data":{"sessionID":"ses_1","title":"b"},"durable":{"aggregateID":"ses_1","seq":\#(number),"version":1}}"#
        #expect(driven.receive(Driven2.parsed(frame)).count == 1)
        #expect(driven.wishes == [])
        driven.durable("session.renamed", #""title":"c""#)
        #expect(driven.wishes == [], "the count goes on where it was")
    }

    @Test func `a deleted session is dropped until it is made again`() {
        var driven = Driven2.running()
        let said = driven.durable("session.deleted")
        #expect(said.last == #"{"type":"session.removed"}"#)
        #expect(said.first == turn(1, "interrupted", #","prompts":["msg_1"]"#))
        #expect(driven.volatile("session.usage.updated", #""cost":1,"tokens":{}"#) == [])
        #expect(driven.durable("session.created", #""location":{"directory":"/p"}"#, sequence: 0).count == 1)
        #expect(driven.folded.isRemoved == false)
        driven.durable("session.execution.started", sequence: 1)
        #expect(driven.folded.turns.map(\.number) == [1, 2])
    }

    @Test func `a record of another generation leaves the directory`() {
        let record = Array(#"{"generation":"opencode-1","seq":70,"directory":"/q"}"#.utf8)
        var translator = OpenCode2().translator(session: "ses_1", record: record, held: FoldedSession())
        #expect(translator.directory == "/q")
        let frame = Driven2.parsed(
            #"{"id":"evt_1","created":5,"type":"session.execution.started","data":{"sessionID":"ses_1"},"durable":{"aggregateID":"ses_1","seq":3,"version":1}}"#
        )
        #expect(translator.receive(frame, now: 5).events.count == 2)
    }

    @Test func `a compaction that fails before it began is an error, and no message`() {
        var driven = Driven2.running()
        let said = driven.durable("session.compaction.failed", #""reason":"auto","error":{"type":"compact","message":"no headings"}"#)
        #expect(said == [#"{"type":"error","error":{"name":"compact","message":"no headings"}}"#])
    }

    /// Five times: which of two comes first in a dictionary is chance.
    @Test(arguments: 0..<5) func `a compaction that a death cut short is not taken for the next one`(_ run: Int) {
        var driven = Driven2.running()
        driven.durable("session.compaction.started", #""reason":"manual","inputID":"msg_7""#)
        driven.volatile("session.compaction.delta", #""text":"lost""#)
        driven.restart()
        driven.settle { $0.status = .idle }
        driven.durable("session.execution.started")
        driven.durable("session.compaction.started", #""reason":"manual","inputID":"msg_8\#(run)""#)
        let delta = driven.volatile("session.compaction.delta", #""text":"new""#)
        #expect(delta == [#"{"type":"delta","part":"msg_8\#(run).t0","text":"new"}"#])
        let ended = driven.durable("session.compaction.ended", #""reason":"manual","text":"new words""#)
        #expect(ended.contains { $0.contains(#""id":"msg_8\#(run).c""#) && $0.contains(#""state":"completed""#) })
        #expect(!ended.contains { $0.contains("msg_7") })
    }

    @Test func `one that fails before it began fails in its own message, whatever a death cut short`() {
        var driven = Driven2.running()
        driven.durable("session.compaction.started", #""reason":"manual","inputID":"msg_7""#)
        driven.restart()
        driven.settle { $0.status = .idle }
        let said = driven.durable(
            "session.compaction.failed", #""reason":"manual","inputID":"msg_8","error":{"type":"compact","message":"no"}"#)
        #expect(said.last?.contains(#""id":"msg_8.c","message":"msg_8","type":"compaction","state":"failed""#) == true)
        #expect(!said.contains { $0.contains("msg_7") })
    }

    @Test(arguments: [true, false]) func `a compaction that began, or was asked for, fails in its own message`(_ hasBegun: Bool) {
        var driven = Driven2.running()
        if hasBegun { driven.durable("session.compaction.started", #""reason":"manual","inputID":"msg_7""#) }
        let said = driven.durable(
            "session.compaction.failed", #""reason":"manual","inputID":"msg_7","error":{"type":"compact","message":"no"}"#)
        #expect(said.last?.contains(#""id":"msg_7.c","message":"msg_7","type":"compaction","state":"failed""#) == true)
        #expect(!said.contains { $0.hasPrefix(#"{"type":"error""#) })
    }
}
