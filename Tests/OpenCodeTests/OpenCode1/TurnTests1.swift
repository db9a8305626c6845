import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct TurnTests1 {
    @Test func `a turn opens at busy with the prompts since the last end`() {
        var driven = Driven1()
        driven.user("m1")
        let said = driven.status("busy")
        #expect(said == [#"{"type":"turn","turn":1,"state":"started","prompts":["m1"]}"#, #"{"type":"status","status":"busy"}"#])
        #expect(driven.status("busy") == [])
    }

    @Test func `a later prompt is added to the open turn`() {
        var driven = Driven1.running()
        #expect(driven.user("m3", created: 12).last == #"{"type":"turn","turn":1,"state":"started","prompts":["m1","m3"]}"#)
    }

    @Test func `idle and deltas open nothing`() {
        var driven = Driven1()
        #expect(driven.status("idle") == [])
        driven.assistant("m2")
        #expect(driven.folded.turns.isEmpty)
    }

    @Test func `a status makes no topic of a session that nobody knows`() {
        var driven = Driven1(known: false)
        #expect(driven.status("idle") == [])
        #expect(driven.wishes == [])
        #expect(driven.status("busy") == [])
        #expect(driven.wishes == [.read])
    }

    /// What a read asks first is the status; the messages come later.
    @Test func `a read that says idle and has an answer that runs is believed until a part of it comes`() {
        var driven = Driven1()
        driven.user("m1")
        driven.status("busy")
        driven.assistant("m2")
        driven.completed("m2")
        driven.status("idle")
        let read = Driven1.read {
            $0.status = .idle
            $0.messages = [
                Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, #","completed":20,"finish":"stop""#),
                Driven1.message("m3", "user", created: 30), Driven1.message("m4", "assistant", created: 31),
            ]
        }
        #expect(driven.settle(read).contains(#"{"type":"turn","turn":2,"state":"interrupted","prompts":["m3"]}"#))
        #expect(driven.status("busy") == [], "it may be of before the read")
        let events = driven.tool("p1", of: "m4", #"{"status":"pending"}"#)
        #expect(events.prefix(2) == [#"{"type":"turn","turn":3,"state":"started"}"#, #"{"type":"status","status":"busy"}"#])
        driven.completed("m4", created: 31)
        #expect(driven.status("idle").first == #"{"type":"turn","turn":3,"state":"done"}"#)
    }

    @Test func `idle before the answer is complete is not the end`() {
        var driven = Driven1.running()
        #expect(driven.status("idle") == [#"{"type":"status","status":"stopping"}"#])
        #expect(driven.wishes == [.wake(at: driven.now + 5000)])
        #expect(
            driven.completed("m2").suffix(2) == [
                #"{"type":"turn","turn":1,"state":"done","prompts":["m1"]}"#, #"{"type":"status","status":"idle"}"#,
            ])
    }

    @Test func `the idle of another stop ends no turn whose message is not whole yet`() {
        var driven = Driven1.running()
        driven.status("idle")
        #expect(driven.status("idle") == [])
        #expect(driven.completed("m2").contains(#"{"type":"turn","turn":1,"state":"done","prompts":["m1"]}"#))
    }

    @Test func `a turn that goes on stopping is read after five seconds`() {
        var driven = Driven1.running()
        driven.status("idle")
        driven.now += 4999
        driven.wake()
        #expect(driven.wishes == [.wake(at: driven.now + 1)], "there is one time to be woken at, and something else had it")
        driven.now += 1
        driven.wake()
        #expect(driven.wishes == [.read])
    }

    @Test func `busy while a turn is stopping begins the next one where it ends`() {
        var driven = Driven1.running()
        driven.status("idle")
        driven.user("m3", created: 12)
        #expect(driven.status("busy") == [])
        #expect(
            driven.completed("m2").suffix(3) == [
                #"{"type":"turn","turn":1,"state":"done","prompts":["m1"]}"#,
                #"{"type":"turn","turn":2,"state":"started","prompts":["m3"]}"#,
                #"{"type":"status","status":"busy"}"#,
            ])
    }

    @Test func `where the answer of the next turn came before the end of the last, a read parts them`() {
        var driven = Driven1.running()
        driven.status("idle")
        driven.user("m3", created: 12)
        driven.status("busy")
        driven.assistant("m4", created: 13)
        driven.completed("m2")
        #expect(
            driven.settle(
                Driven1.read {
                    $0.status = .busy
                    $0.messages = [
                        Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11),
                        Driven1.message("m3", "user", created: 12), Driven1.message("m4", "assistant", created: 13),
                    ]
                }
            ).contains(#"{"type":"turn","turn":2,"state":"started","prompts":["m3"]}"#))
        driven.completed("m4", created: 13)
        #expect(
            driven.status("idle").suffix(2) == [
                #"{"type":"turn","turn":2,"state":"done","prompts":["m3"]}"#, #"{"type":"status","status":"idle"}"#,
            ])
        #expect(driven.folded.turns.map(\.state) == [.done, .done])
    }

    @Test(arguments: [
        ("stop", "", "done"), ("tool-calls", "", "stopped"), ("stop", "MessageAbortedError", "stopped"),
        ("tool-calls", "UnknownError", "failed"),
        ("unknown", "", "done"),
    ]) func `how a turn ends`(_ finish: String, _ error: String, _ outcome: String) {
        var driven = Driven1.running()
        if !error.isEmpty { driven.receive("session.error", #"{"sessionID":"ses_1","error":{"name":"\#(error)","data":{"message":"x"}}}"#) }
        driven.completed("m2", finish: finish)
        driven.status("idle")
        #expect(driven.folded.turns.last?.state.rawValue == outcome)
        #expect((driven.folded.turns.last?.error != nil) == (outcome == "failed"))
    }

    @Test func `a session that is deleted in mid-turn is interrupted, then removed, then silent`() {
        var driven = Driven1.running()
        let said = driven.receive("session.deleted", #"{"sessionID":"ses_1","info":\#(Driven1.row())}"#)
        #expect(
            said == [
                #"{"type":"turn","turn":1,"state":"interrupted","prompts":["m1"]}"#, #"{"type":"status","status":"idle"}"#,
                #"{"type":"session.removed"}"#,
            ])
        #expect(driven.status("busy") == [])
        #expect(driven.receive("session.error", #"{"sessionID":"ses_1","error":{"name":"UnknownError","data":{"message":"x"}}}"#) == [])
        driven.receive("session.created", #"{"sessionID":"ses_1","info":\#(Driven1.row())}"#)
        #expect(!driven.folded.isRemoved)
    }

    @Test func `an error without a turn is said, its echo with a stack is not`() {
        var driven = Driven1()
        let first = driven.receive(
            "session.error", #"{"sessionID":"ses_1","error":{"name":"UnknownError","data":{"message":"Agent not found: \"nobody\"."}}}"#)
        #expect(first == [#"{"type":"error","error":{"name":"UnknownError","message":"Agent not found: \"nobody\"."}}"#])
        let echo = driven.receive(
            "session.error",
            #"{"sessionID":"ses_1","error":{"name":"UnknownError","data":{"message":"UnknownError: UnknownError\n    at <anonymous> (/x.js:1)"}}}"#
        )
        #expect(echo == [])
    }

    @Test func `a runaway is told once`() {
        var driven = Driven1.running()
        for number in 0..<5 {
            let id = "a\(number)"
            driven.assistant(id, created: 12 + number)
            let notices = driven.completed(id, finish: "unknown", created: 12 + number).filter { $0.contains("runaway") }
            #expect(notices.count == (number == 2 ? 1 : 0))
        }
    }

    @Test func `sums wait for the end of the turn, a title does not`() {
        var driven = Driven1.running()
        #expect(driven.receive("session.updated", #"{"sessionID":"ses_1","info":\#(Driven1.row(input: 5))}"#) == [])
        #expect(driven.receive("session.updated", #"{"sessionID":"ses_1","info":\#(Driven1.row(title: "new", input: 5))}"#).count == 1)
        #expect(driven.receive("session.updated", #"{"sessionID":"ses_1","info":\#(Driven1.row(title: "new", input: 9))}"#) == [])
        driven.completed("m2")
        let end = driven.status("idle")
        #expect(end.count == 3)
        #expect(end.first?.contains(#""input":9"#) == true)
        #expect(driven.receive("session.updated", #"{"sessionID":"ses_1","info":\#(Driven1.row(title: "new", input: 12))}"#).count == 1)
    }
}
