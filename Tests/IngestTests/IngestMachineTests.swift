import RelayProtocol
import TestSupport
import Testing

@testable import Ingest

@Suite(.ownThread) struct IngestMachineTests {
    @Test func `the row of a session that is being read is the read's to say`() {
        var rig = Rig()
        rig.start([KnownSession(id: "ses_1", updated: 1)], heard: 500)
        rig.connect()
        rig.give(.open(session: "ses_1", ticket: 1))
        rig.answer("/list", #"{"sessions":[{"id":"ses_1","updated":2}]}"#)
        #expect(rig.log["ses_1"] == nil && rig.requests.map(\.target) == ["/read/ses_1?limit=25"])
    }

    @Test func `frames of a new session are published in order, with the record`() {
        var rig = Rig()
        rig.follow()
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        rig.frame(#"{"session":"ses_1","text":"b"}"#)
        #expect(rig.log["ses_1"] == ["a", "b"])
        #expect(rig.records["ses_1"] == Array("+..".utf8))
        #expect(rig.log["opencode"] == nil)
    }

    @Test func `a frame of many lines is logged on one`() throws {
        var machine = IngestMachine()
        let frames = [#"{"hello":true}"#, "{\"session\":\n\"ses_1\",\r\n\"text\":\"a\"}", "{\"server\":\n1}"].map { Array($0.utf8) }
        var inputs: [IngestMachine.Input] = [.known(KnownLog(sessions: [])), .subscribed(FakeAdapter())] + frames.map { .frame($0) }
        inputs.append(.answers(exchange: 1, [.answered(status: 200, isJSON: true, headers: [], body: Array(#"{"sessions":[]}"#.utf8))]))
        var events: [Event] = []
        for input in inputs + [.flush] {
            for case .append(_, let appends, _) in machine.receive(input, now: 1) { events += appends.flatMap(\.events) }
        }
        #expect(events.filter { $0.kind == .upstream }.count == 2)
        for event in events { #expect(!event.payload.contains { $0 == 0x0A || $0 == 0x0D }) }
    }

    @Test func `who opens a session while the list is being read waits for it`() {
        var rig = Rig()
        rig.start()
        rig.connect()
        rig.give(.open(session: "ses_1", ticket: 1))
        rig.give(.open(session: "ses_9", ticket: 2))
        #expect(rig.opened.isEmpty)
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        #expect(rig.opened == [2: false])
        rig.answer("/read/ses_1", "[]")
        rig.load("ses_1")
        #expect(rig.opened == [1: true, 2: false])
    }

    @Test func `who waits for a list that never comes is told so`() {
        var rig = Rig()
        rig.start()
        rig.connect()
        rig.give(.open(session: "ses_1", ticket: 1))
        rig.give(.streamEnded)
        #expect(rig.opened == [1: false])
    }

    @Test func `what is too large to be read is told, once`() {
        var rig = Rig()
        rig.start([KnownSession(id: "ses_1", updated: 1)])
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.give(.open(session: "ses_1", ticket: 1))
        for _ in 0..<2 {
            rig.answer("/read/ses_1", #"{"messages":["m9"],"missing":true,"beyond":true}"#)
            rig.load("ses_1", messages: rig.log["ses_1"] == nil ? [] : ["m9"])
            rig.frame(#"{"session":"ses_1","text":"lost"}"#)
            rig.pass(IngestMachine.readDelay)
        }
        #expect(rig.opened[1] == true)
        #expect(rig.log["ses_1"]?.count { $0.hasPrefix("notice") } == 1, "\(rig.log)")
    }

    @Test func `frames wait until the list says whether their session is new`() {
        var rig = Rig()
        rig.start()
        rig.connect()
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        #expect(rig.log["ses_1"] == nil)
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        #expect(rig.log["ses_1"] == ["session ses_1 import"])
        rig.load("ses_1")
        #expect(rig.log["ses_1"] == ["session ses_1 import", "a"])
    }

    @Test func `a session that the log knows is loaded first, and its frames wait`() {
        var rig = Rig()
        rig.start([KnownSession(id: "ses_1", isImported: true, updated: 1)])
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        rig.frame(#"{"session":"ses_1","text":"b"}"#)
        #expect(rig.log["ses_1"] == nil)
        rig.load("ses_1")
        rig.frame(#"{"session":"ses_1","text":"c"}"#)
        #expect(rig.log["ses_1"] == ["a", "b", "c"])
    }

    @Test func `an absence is told in the server's topic and in each session that was busy, and healed after the reads`() {
        var rig = Rig()
        rig.start([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)], heard: 500)
        rig.connect()
        #expect(rig.log["opencode"] == ["outage without deltas"])
        #expect(rig.log["ses_1"] == ["outage without deltas"])
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.frame(#"{"session":"ses_1","text":"late"}"#)
        rig.answer("/read/ses_1", #"{"messages":["m1","m2"],"status":"idle"}"#)
        rig.load("ses_1", messages: ["m1"], busy: true)
        #expect(rig.log["ses_1"] == ["outage without deltas", "message m2 heal", "status idle", "healed without deltas", "late"])
        #expect(rig.log["opencode"] == ["outage without deltas", "healed without deltas"])
    }

    @Test func `nothing is read before what was published is committed`() {
        var rig = Rig()
        rig.commitsAtOnce = false
        rig.start([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)], heard: 500)
        rig.give(.subscribed(FakeAdapter()))
        rig.frame(#"{"hello":true}"#)
        #expect(rig.requests.isEmpty)
        rig.commit()
        #expect(rig.requests.map(\.target).sorted() == ["/list", "/read/ses_1?limit=50"])
    }

    @Test func `a stream that ends while a session is busy is an outage`() {
        var rig = Rig()
        rig.follow()
        rig.frame(#"{"session":"ses_1","text":"busy"}"#)
        rig.frame(#"{"session":"ses_2","text":"idle"}"#)
        rig.commit()
        rig.give(.streamEnded)
        rig.now += 100
        rig.connect()
        #expect(rig.log["ses_1"] == ["status busy", "outage without deltas"])
        #expect(rig.log["ses_2"] == ["status idle"])
        #expect(rig.log["opencode"] == ["outage without deltas"])
    }

    @Test func `a wish to read is granted once, after a while`() {
        var rig = Rig()
        rig.follow()
        rig.frame(#"{"session":"ses_1","text":"lost"}"#)
        rig.frame(#"{"session":"ses_1","text":"lost"}"#)
        rig.commit()
        #expect(rig.machine.nextWake == rig.now + IngestMachine.readDelay)
        rig.pass(IngestMachine.readDelay)
        rig.commit()
        #expect(rig.requests.map(\.target) == ["/read/ses_1?limit=50"])
    }

    @Test func `opening imports once and answers after the commit`() {
        var rig = Rig()
        rig.start([KnownSession(id: "ses_1", updated: 1)])
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.commit()
        rig.give(.open(session: "ses_1", ticket: 7))
        rig.commit()
        rig.answer("/read/ses_1", #"["m1"]"#)
        rig.load("ses_1")
        #expect(rig.log["ses_1"] == ["message m1 import"])
        #expect(rig.opened[7] == true)
        rig.give(.open(session: "ses_1", ticket: 8))
        #expect(rig.opened[8] == true)
        #expect(rig.requests.isEmpty)
    }

    @Test func `opening without an OpenCode is answered at once`() {
        var rig = Rig()
        rig.start([KnownSession(id: "ses_1", updated: 1)])
        rig.give(.open(session: "ses_1", ticket: 7))
        #expect(rig.opened[7] == false)
    }

    @Test func `a prompt after which nothing is heard ends the trust in the stream`() {
        var rig = Rig()
        rig.follow()
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        rig.give(.prompted(session: "ses_1"))
        rig.pass(IngestMachine.promptSilence)
        #expect(rig.reconnects == 0)
        rig.pass(60_000)
        rig.give(.prompted(session: "ses_1"))
        rig.pass(IngestMachine.promptSilence)
        #expect(rig.reconnects == 1)
    }

    @Test func `what the log refuses is healed, not forgotten`() {
        var rig = Rig()
        rig.follow()
        rig.commitsAtOnce = false
        rig.frame(#"{"session":"ses_1","text":"busy"}"#)
        rig.give(.refused(batch: rig.batches.removeLast()))
        #expect(!rig.machine.isLive)
        // What the log knows now is asked first.
        #expect(rig.recalls == 1)
        #expect(rig.reconnects == 0)
        rig.start()
        #expect(rig.reconnects == 1)
        rig.connect()
        #expect(rig.log["ses_1"]?.last == "outage without deltas")
    }

    @Test func `what comes behind a batch that is refused does not stand in the log without it`() {
        var rig = Rig()
        rig.follow()
        rig.commitsAtOnce = false
        for text in ["a", "b", "c"] { rig.frame(#"{"session":"ses_1","text":"\#(text)"}"#) }
        #expect(rig.log["ses_1"] == ["a"])
        rig.give(.refused(batch: rig.batches.removeLast()))
        #expect(rig.batches.isEmpty)
        #expect(rig.log["ses_1"] == ["a"])
    }

    @Test func `what is said while a batch is on its way goes with the next, with its record`() {
        var rig = Rig()
        rig.follow()
        rig.commitsAtOnce = false
        for text in ["a", "b", "c"] { rig.frame(#"{"session":"ses_1","text":"\#(text)"}"#) }
        #expect(rig.records["ses_1"] == Array("+.".utf8))
        rig.give(.committed(batch: rig.batches.removeFirst()))
        #expect(rig.log["ses_1"] == ["a", "b", "c"])
        #expect(rig.records["ses_1"] == Array("+...".utf8))
        rig.frame(#"{"session":"ses_1","text":"d"}"#)
        rig.give(.streamEnded)
        rig.commit()
        #expect(rig.log["ses_1"]?.last == "d")
        #expect(rig.records["ses_1"] == Array("+....".utf8))
    }

    @Test func `a log that is full for minutes is asked again and again, and loses nothing`() {
        var rig = Rig()
        rig.follow()
        rig.frame(#"{"session":"ses_1","text":"busy"}"#)
        rig.commitsAtOnce = false
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        for round in 1...5 {
            rig.give(.refused(batch: rig.batches.removeFirst()))
            #expect(rig.recalls == round)
            rig.now += 30_000
            rig.start([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)])
            #expect(rig.reconnects == round)
            rig.greet()
            #expect(rig.requests.isEmpty)
        }
        rig.commitsAtOnce = true
        rig.commit()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.answer("/read/ses_1", #"{"messages":["m1"],"status":"idle"}"#)
        rig.load("ses_1", busy: true)
        #expect(rig.log["ses_1"]?.suffix(3) == ["message m1 heal", "status idle", "healed without deltas"])
        #expect(rig.machine.outages.pending.isEmpty)
    }

    @Test func `an import that the log refused is said again`() {
        var rig = Rig()
        rig.start()
        rig.connect()
        rig.commitsAtOnce = false
        let list = rig.requests.removeFirst()
        rig.give(
            .answers(
                exchange: list.exchange, [.answered(status: 200, isJSON: true, headers: [], body: Array(#"{"sessions":["ses_1"]}"#.utf8))]))
        rig.give(.refused(batch: rig.batches.removeFirst()))
        rig.commitsAtOnce = true
        rig.start()
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        #expect(rig.log["ses_1"] == ["session ses_1 import", "session ses_1 import"])
    }

    @Test func `garbage is skipped`() {
        var rig = Rig()
        rig.follow()
        rig.frame("{not json")
        rig.frame(#"{"session":"lobby","text":"x"}"#)
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        #expect(rig.log["ses_1"] == ["a"])
        #expect(rig.log["lobby"] == nil)
    }
}
