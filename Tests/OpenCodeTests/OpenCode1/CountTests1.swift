// The twins' count, records, cards and reads.

import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct CountTests1 {
    private let message = #"{"sessionID":"ses_1","info":{"id":"m1","role":"user","sessionID":"ses_1","time":{"created":10}}}"#

    @Test func `a twin says nothing and counts`() {
        var driven = Driven1()
        driven.receive(Driven1.twin("session.created", #"{"sessionID":"ses_1"}"#, seq: 0))
        driven.receive("message.updated", message)
        #expect(driven.receive(Driven1.twin("message.updated", message, seq: 1)) == [])
        #expect(driven.wishes == [])
    }

    @Test func `a hole in the count is read`() {
        var driven = Driven1()
        driven.receive(Driven1.twin("session.created", #"{"sessionID":"ses_1"}"#, seq: 0))
        driven.receive("message.updated", message)
        driven.receive(Driven1.twin("message.updated", message, seq: 2))
        #expect(driven.wishes == [.read])
    }

    @Test func `the highest count there is asks for a read at most`() {
        var driven = Driven1()
        driven.receive(Driven1.twin("session.created", #"{"sessionID":"ses_1"}"#, seq: Int.max))
        driven.receive("message.updated", message)
        driven.receive(Driven1.twin("message.updated", message, seq: 2))
        #expect(driven.wishes == [.read])
    }

    @Test func `the count outlives a restart`() {
        var driven = Driven1()
        driven.receive(Driven1.twin("session.created", #"{"sessionID":"ses_1"}"#, seq: 7))
        driven.restart()
        driven.receive("message.updated", message)
        driven.receive(Driven1.twin("message.updated", message, seq: 9))
        #expect(driven.wishes == [.read])
    }

    @Test(arguments: ["9223372036854775808", "18446744073709551615", "1e300", "0.5", #""7""#, "null"])
    func `what is no whole number counts as none`(_ number: String) throws {
        var driven = Driven1()
        driven.receive(Driven1.twin("session.created", #"{"sessionID":"ses_1"}"#, seq: 0))
        driven.receive("message.updated", message)
        #expect(driven.receive(Driven1.twin("message.updated", message, seq: number)) == [])
        #expect(driven.wishes == [])
        #expect(try JSON.parse(driven.translator.record)["seq"]?.int == 0)
    }

    @Test func `of another generation's record only the directory counts`() {
        let record = Array(#"{"generation":"opencode-2","seq":5,"directory":"/elsewhere","prompts":["x"]}"#.utf8)
        var translator = OpenCode1().translator(session: "ses_1", record: record, held: FoldedSession())
        #expect(translator.directory == "/elsewhere")
        let translation = translator.receive(Driven1.twin("message.updated", message, seq: 100, id: "evt_9"), now: 1)
        #expect(translation.events.isEmpty)
        #expect(!String(decoding: translator.record, as: UTF8.self).contains(#""x""#))
    }

    @Test func `a turn goes on after a restart`() {
        var driven = Driven1.running()
        driven.receive("session.error", #"{"sessionID":"ses_1","error":{"name":"MessageAbortedError","data":{"message":"Aborted"}}}"#)
        driven.status("idle")
        driven.restart()
        #expect(driven.translator.isBusy)
        #expect(driven.completed("m2").suffix(2).first == #"{"type":"turn","turn":1,"state":"stopped","prompts":["m1"]}"#)
    }

    // Cards.

    private let asked =
        #"{"id":"per_1","sessionID":"ses_1","permission":"edit","patterns":["a.py"],"metadata":{"filepath":"/p/a.py","diff":"@@"},"always":["*"],"tool":{"messageID":"m2","callID":"c"}}"#

    @Test func `a permission is a card until its reply`() {
        var driven = Driven1.running()
        #expect(
            driven.receive("permission.asked", asked) == [
                #"{"type":"permission","permission":{"id":"per_1","session":"ses_1","action":"edit","resources":["a.py"],"always":["*"],"changes":[{"file":"/p/a.py","patch":"@@"}],"tool":{"message":"m2","call":"c"}}}"#
            ])
        #expect(
            driven.receive("permission.replied", #"{"sessionID":"ses_1","requestID":"per_1","reply":"always"}"#) == [
                #"{"type":"permission.closed","id":"per_1","reply":"always"}"#
            ])
        #expect(driven.receive("permission.replied", #"{"sessionID":"ses_1","requestID":"per_1","reply":"once"}"#) == [])
    }

    @Test func `cards are withdrawn at the end, before the turn`() {
        var driven = Driven1.running()
        driven.receive("permission.asked", asked)
        driven.restart()
        driven.completed("m2")
        #expect(driven.status("idle").first == #"{"type":"permission.closed","id":"per_1","reply":"withdrawn"}"#)
        #expect(driven.receive("permission.replied", #"{"sessionID":"ses_1","requestID":"per_1","reply":"once"}"#) == [])
    }

    @Test func `answers find their fields`() {
        var driven = Driven1.running()
        driven.receive(
            "question.asked",
            #"{"id":"que_1","sessionID":"ses_1","questions":[{"question":"a?","header":"A","options":[{"label":"x","description":"d"}]},{"question":"b?","header":"B","options":[],"multiple":true,"custom":false}]}"#
        )
        driven.restart()
        #expect(
            driven.receive("question.replied", #"{"sessionID":"ses_1","requestID":"que_1","answers":[["x"],["y"]]}"#) == [
                #"{"type":"question.closed","id":"que_1","outcome":"answered","answer":{"q0":"x","q1":["y"]}}"#
            ])
    }

    private func listed(_ stage: String, _ status: SessionStatus) -> SessionRead {
        Driven1.read { read in
            read.status = status
            let part = PartRead(
                id: "p1", object: Array(#"{"id":"p1","message":"m2","type":"tool","call":"c","name":"edit","state":"\#(stage)"}"#.utf8))
            read.messages = [Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, parts: [part])]
            read.permissions = [
                CardRead(id: "per_1", object: Array(#"{"id":"per_1","session":"ses_1","tool":{"message":"m2","call":"c"}}"#.utf8))
            ]
        }
    }

    @Test func `a listed request counts only while its tool runs in a busy session`() {
        for (stage, status, isCard) in [("running", SessionStatus.busy, true), ("error", .busy, false), ("running", .idle, false)] {
            var driven = Driven1.running()
            driven.settle(listed(stage, status))
            #expect(driven.folded.permissions.isEmpty == !isCard, "\(stage) \(status)")
        }
    }

    @Test func `a request that is listed no more is withdrawn`() {
        var driven = Driven1.running()
        driven.receive("permission.asked", asked)
        driven.settle(
            Driven1.read { read in
                read.status = .busy
                read.permissions = []
            })
        #expect(driven.folded.permissions.isEmpty)
    }

    @Test(arguments: [SessionStatus.busy, .idle]) func `an answer that was held while a read withdrew its card is said`(
        _ status: SessionStatus
    ) {
        var driven = Driven1.running()
        driven.receive("permission.asked", asked)
        driven.receive(
            "question.asked",
            #"{"id":"que_1","sessionID":"ses_1","questions":[{"question":"b?","header":"B","options":[],"multiple":true,"custom":false}]}"#)
        let read = Driven1.read { read in
            read.status = status
            read.permissions = []
            read.questions = []
        }
        driven.settle(read)
        driven.settle(read)
        #expect(driven.folded.permissions.isEmpty && driven.folded.questions.isEmpty)
        let replied = #"{"sessionID":"ses_1","requestID":"per_1","reply":"once"}"#
        #expect(driven.receive("permission.replied", replied) == [#"{"type":"permission.closed","id":"per_1","reply":"once"}"#])
        #expect(driven.receive("permission.replied", replied) == [], "once")
        #expect(
            driven.receive("question.replied", #"{"sessionID":"ses_1","requestID":"que_1","answers":[["y"]]}"#) == [
                #"{"type":"question.closed","id":"que_1","outcome":"answered","answer":{"q0":["y"]}}"#
            ])
    }

    @Test func `a reply to a request that is listed still, though its turn is over, is not said`() {
        var driven = Driven1.running()
        driven.receive("permission.asked", asked)
        driven.settle(listed("running", .idle))
        #expect(driven.folded.permissions.isEmpty)
        #expect(driven.receive("permission.replied", #"{"sessionID":"ses_1","requestID":"per_1","reply":"reject"}"#) == [])
    }

    // Reads.

    @Test func `a turn that ended unheard ends as its messages say`() {
        for (rest, state) in [
            (#","completed":20,"finish":"stop""#, "done"), ("", "interrupted"), (#","completed":20,"finish":"tool-calls""#, "interrupted"),
        ] {
            var driven = Driven1.running()
            driven.settle(
                Driven1.read { read in
                    read.status = .idle
                    read.messages = [Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, rest)]
                })
            #expect(driven.folded.turns.last?.state.rawValue == state)
            #expect(driven.folded.status == .idle)
        }
    }

    @Test func `a whole turn that nobody heard is told as one that is over`() {
        var driven = Driven1.running()
        driven.completed("m2")
        driven.status("idle")
        let said = driven.settle(
            Driven1.read { read in
                read.status = .idle
                read.messages = [
                    Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, #","completed":20"#),
                    Driven1.message("m3", "user", created: 30),
                    Driven1.message("m4", "assistant", created: 31, #","completed":32,"finish":"stop""#),
                ]
            })
        #expect(said == [#"{"type":"turn","turn":2,"state":"done","prompts":["m3"]}"#])
    }

    @Test func `a refusal that nobody heard stopped its turn`() {
        var driven = Driven1.running()
        driven.settle(
            Driven1.read { read in
                read.status = .idle
                let tool =
                    #"{"id":"p1","message":"m2","type":"tool","call":"c","state":"error","error":"The user rejected permission to use this specific tool call."}"#
                read.messages = [
                    Driven1.message("m1", "user", created: 10),
                    Driven1.message(
                        "m2", "assistant", created: 11, #","completed":20,"finish":"tool-calls""#,
                        parts: [PartRead(id: "p1", object: Array(tool.utf8))]),
                ]
            })
        #expect(driven.folded.turns.last?.state == .stopped)
    }

    @Test func `the first turn of a session is told though nobody heard it`() {
        var driven = Driven1()
        driven.restart()
        let said = driven.settle(
            Driven1.read { read in
                read.status = .idle
                read.messages = [
                    Driven1.message("m1", "user", created: 10),
                    Driven1.message("m2", "assistant", created: 11, #","completed":12,"finish":"stop""#),
                ]
            })
        #expect(said == [#"{"type":"turn","turn":1,"state":"done","prompts":["m1"]}"#])
    }

    @Test func `what a fork brought along is nobody's prompt`() {
        var driven = Driven1()
        driven.user("m0", created: 0)
        driven.completed("m9", created: 0)
        driven.user("m1", created: 10)
        #expect(driven.status("busy").first == #"{"type":"turn","turn":1,"state":"started","prompts":["m1"]}"#)
    }

    @Test func `an import makes no turn`() {
        var driven = Driven1(known: false)
        let said = driven.settle(
            Driven1.read { read in
                read.row = Array(#"{"id":"ses_1"}"#.utf8)
                read.status = .idle
                read.messages = [
                    Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, #","completed":20"#),
                ]
            })
        #expect(said == [])
    }

    @Test func `a session that is found running opens a turn with its prompt`() {
        var driven = Driven1(known: false)
        let said = driven.settle(
            Driven1.read { read in
                read.row = Array(#"{"id":"ses_1"}"#.utf8)
                read.status = .busy
                read.messages = [
                    Driven1.message("m1", "user", created: 10),
                    Driven1.message("m2", "assistant", created: 11, #","completed":20,"finish":"stop""#),
                    Driven1.message("m3", "user", created: 30), Driven1.message("m4", "assistant", created: 31),
                ]
            })
        #expect(said == [#"{"type":"turn","turn":1,"state":"started","prompts":["m3"]}"#, #"{"type":"status","status":"busy"}"#])
        #expect(driven.completed("m4", created: 31).first?.contains(#""turn":1"#) == true)
    }

    @Test func `a busy that is older than a read opens nothing, one with a new message does`() {
        var driven = Driven1.running()
        driven.completed("m2")
        driven.status("idle")
        driven.settle(
            Driven1.read { read in
                read.status = .idle
                read.messages = [
                    Driven1.message("m1", "user", created: 10), Driven1.message("m2", "assistant", created: 11, #","completed":20"#),
                ]
            })
        #expect(driven.status("busy") == [])
        #expect(driven.status("idle") == [])
        #expect(driven.status("busy") == [])
        #expect(driven.user("m3", created: 30).dropFirst().first == #"{"type":"turn","turn":2,"state":"started","prompts":["m3"]}"#)
    }

    @Test func `a busy that lags behind the end of a turn opens none, a new prompt does`() {
        var driven = Driven1.running()
        driven.completed("m2")
        driven.status("idle")
        let said = driven.settle(
            Driven1.read { read in
                read.status = .busy
                read.messages = [
                    Driven1.message("m1", "user", created: 10),
                    Driven1.message("m2", "assistant", created: 11, #","completed":20,"finish":"stop""#),
                ]
            })
        #expect(said == [])
        #expect(driven.status("busy") == [])
        #expect(driven.folded.turns.map(\.state) == [.done])
        #expect(driven.user("m3", created: 30).dropFirst().first == #"{"type":"turn","turn":2,"state":"started","prompts":["m3"]}"#)
    }

    @Test func `a prompt so old that it is forgotten belongs to no new turn`() {
        var driven = Driven1.running()
        for number in 0..<300 { driven.assistant("a\(number)", created: 12 + number) }
        driven.completed("a299", created: 311)
        driven.status("idle")
        driven.user("m1", created: 10)
        driven.user("m3", created: 400)
        #expect(driven.status("busy").first == #"{"type":"turn","turn":2,"state":"started","prompts":["m3"]}"#)
    }

    @Test func `a session that is gone ends its turn and is silent`() {
        var driven = Driven1.running()
        driven.settle(Driven1.read { $0.isGone = true })
        #expect(driven.folded.turns.last?.state == .interrupted)
        #expect(driven.status("busy") == [])
    }
}
