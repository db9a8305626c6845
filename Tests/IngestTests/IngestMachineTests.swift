import RelayProtocol
import TestSupport
import Testing

@testable import Ingest

@Suite(.ownThread) struct IngestMachineTests {
    @Test func `the row of a session that is being read is the read's to say`() {
        var driver = MachineDriver()
        driver.start([KnownSession(id: "ses_1", updated: 1)], heard: 500)
        driver.connect()
        driver.give(.open(session: "ses_1", ticket: 1))
        driver.answer("/list", #"{"sessions":[{"id":"ses_1","updated":2}]}"#)
        #expect(driver.log["ses_1"] == nil && driver.requests.map(\.target) == ["/read/ses_1?limit=25"])
    }

    @Test func `frames of a new session are published in order, with the record`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        driver.frame(#"{"session":"ses_1","text":"b"}"#)
        #expect(driver.log["ses_1"] == ["a", "b"])
        #expect(driver.records["ses_1"] == Array("+..".utf8))
        #expect(driver.log["opencode"] == nil)
    }

    @Test func `a frame that is nested deeper than a line may be loses what is too deep, and nothing else`() {
        var driver = MachineDriver()
        driver.follow()
        let deep = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
        for text in ["a", "b", "c"] { driver.frame(#"{"session":"ses_1","text":"\#(text)","input":\#(text == "b" ? deep : "1")}"#) }
        #expect(driver.log["ses_1"] == ["a", "b", "c"])
        #expect(driver.warnings == [])
    }

    @Test func `a frame that cannot be read is told, and what is busy is read again`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"busy"}"#)
        driver.frame(#"{"session":"ses_1","text":"#)
        #expect(driver.warnings == ["a frame that is not JSON was skipped"])
        #expect(driver.log["opencode"]?.count == 1)
        driver.pass(60_000)
        #expect(driver.requests.last?.target.hasPrefix("/read/ses_1") == true)
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
        var driver = MachineDriver()
        driver.start()
        driver.connect()
        driver.give(.open(session: "ses_1", ticket: 1))
        driver.give(.open(session: "ses_9", ticket: 2))
        #expect(driver.opened.isEmpty)
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        #expect(driver.opened == [2: false])
        driver.answer("/read/ses_1", "[]")
        driver.load("ses_1")
        #expect(driver.opened == [1: true, 2: false])
    }

    @Test func `who waits for a list that never comes is told so`() {
        var driver = MachineDriver()
        driver.start()
        driver.connect()
        driver.give(.open(session: "ses_1", ticket: 1))
        driver.give(.streamEnded)
        #expect(driver.opened == [1: false])
    }

    @Test func `what is too large to be read is told, once`() {
        var driver = MachineDriver()
        driver.start([KnownSession(id: "ses_1", updated: 1)])
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.give(.open(session: "ses_1", ticket: 1))
        for _ in 0..<2 {
            driver.answer("/read/ses_1", #"{"messages":["m9"],"missing":true,"beyond":true}"#)
            driver.load("ses_1", messages: driver.log["ses_1"] == nil ? [] : ["m9"])
            driver.frame(#"{"session":"ses_1","text":"lost"}"#)
            driver.pass(IngestMachine.readDelay)
        }
        #expect(driver.opened[1] == true)
        #expect(driver.log["ses_1"]?.count { $0.hasPrefix("notice") } == 1, "\(driver.log)")
    }

    @Test func `parts of a session that are too large to be read are told, once each, and the session is followed`() {
        var driver = MachineDriver()
        driver.start([KnownSession(id: "ses_1", updated: 1)])
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.give(.open(session: "ses_1", ticket: 1))
        for large in [#"["its row"]"#, #"["its row","its tasks"]"#, #"["its tasks"]"#] {
            driver.answer("/read/ses_1", #"{"messages":["m9"],"large":\#(large)}"#)
            driver.load("ses_1", messages: driver.log["ses_1"] == nil ? [] : ["m9"])
            driver.frame(#"{"session":"ses_1","text":"lost"}"#)
            driver.pass(IngestMachine.readDelay)
        }
        #expect(driver.opened[1] == true && driver.reconnects == 0)
        #expect(driver.log["ses_1"] == ["message m9 import", "notice", "notice"])
    }

    @Test func `a list that is too large is told, once, until it was whole again`() {
        var driver = MachineDriver()
        driver.start()
        var notices: [Int] = []
        for large in [#"["the rest"]"#, #"["the rest"]"#, "[]", #"["the rest"]"#] {
            driver.connect()
            driver.answer("/list", #"{"sessions":["ses_1"],"large":\#(large)}"#)
            notices.append(driver.log["opencode"]?.count { $0 == "notice" } ?? 0)
            driver.give(.streamEnded)
        }
        #expect(notices == [1, 1, 1, 2] && driver.reconnects == 0)
        // Another life of Reprise has told of it too.
        var next = MachineDriver()
        next.records = driver.records
        next.start()
        next.connect()
        next.answer("/list", #"{"sessions":["ses_1"],"large":["the rest"]}"#)
        #expect(next.log["opencode"]?.contains("notice") != true)
        #expect(next.log["ses_1"] == ["session ses_1 import"], "the list is used as far as it goes")
    }

    @Test func `frames wait until the list says whether their session is new`() {
        var driver = MachineDriver()
        driver.start()
        driver.connect()
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        #expect(driver.log["ses_1"] == nil)
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        #expect(driver.log["ses_1"] == ["session ses_1 import"])
        driver.load("ses_1")
        #expect(driver.log["ses_1"] == ["session ses_1 import", "a"])
    }

    @Test func `a session that the log knows is loaded first, and its frames wait`() {
        var driver = MachineDriver()
        driver.start([KnownSession(id: "ses_1", isImported: true, updated: 1)])
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        driver.frame(#"{"session":"ses_1","text":"b"}"#)
        #expect(driver.log["ses_1"] == nil)
        driver.load("ses_1")
        driver.frame(#"{"session":"ses_1","text":"c"}"#)
        #expect(driver.log["ses_1"] == ["a", "b", "c"])
    }

    @Test func `an absence is told in the server's topic and in each session that was busy, and healed after the reads`() {
        var driver = MachineDriver()
        driver.start([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)], heard: 500)
        driver.connect()
        #expect(driver.log["opencode"] == ["outage without deltas"])
        #expect(driver.log["ses_1"] == ["outage without deltas"])
        driver.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        driver.frame(#"{"session":"ses_1","text":"late"}"#)
        driver.answer("/read/ses_1", #"{"messages":["m1","m2"],"status":"idle"}"#)
        driver.load("ses_1", messages: ["m1"], busy: true)
        #expect(driver.log["ses_1"] == ["outage without deltas", "message m2 heal", "status idle", "healed without deltas", "late"])
        #expect(driver.log["opencode"] == ["outage without deltas", "healed without deltas"])
    }

    @Test func `nothing is read before what was published is committed`() {
        var driver = MachineDriver()
        driver.commitsAtOnce = false
        driver.start([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)], heard: 500)
        driver.give(.subscribed(FakeAdapter()))
        driver.frame(#"{"hello":true}"#)
        #expect(driver.requests.isEmpty)
        driver.commit()
        #expect(driver.requests.map(\.target).sorted() == ["/list", "/read/ses_1?limit=50"])
    }

    @Test func `a stream that ends while a session is busy is an outage`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"busy"}"#)
        driver.frame(#"{"session":"ses_2","text":"idle"}"#)
        driver.commit()
        driver.give(.streamEnded)
        driver.now += 100
        driver.connect()
        #expect(driver.log["ses_1"] == ["status busy", "outage without deltas"])
        #expect(driver.log["ses_2"] == ["status idle"])
        #expect(driver.log["opencode"] == ["outage without deltas"])
    }

    @Test func `a wish to read is granted once, after a while`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"lost"}"#)
        driver.frame(#"{"session":"ses_1","text":"lost"}"#)
        driver.commit()
        #expect(driver.machine.nextWake == driver.now + IngestMachine.readDelay)
        driver.pass(IngestMachine.readDelay)
        driver.commit()
        #expect(driver.requests.map(\.target) == ["/read/ses_1?limit=50"])
    }

    @Test func `opening imports once and answers after the commit`() {
        var driver = MachineDriver()
        driver.start([KnownSession(id: "ses_1", updated: 1)])
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.commit()
        driver.give(.open(session: "ses_1", ticket: 7))
        driver.commit()
        driver.answer("/read/ses_1", #"["m1"]"#)
        driver.load("ses_1")
        #expect(driver.log["ses_1"] == ["message m1 import"])
        #expect(driver.opened[7] == true)
        driver.give(.open(session: "ses_1", ticket: 8))
        #expect(driver.opened[8] == true)
        #expect(driver.requests.isEmpty)
    }

    @Test func `opening without an OpenCode is answered at once`() {
        var driver = MachineDriver()
        driver.start([KnownSession(id: "ses_1", updated: 1)])
        driver.give(.open(session: "ses_1", ticket: 7))
        #expect(driver.opened[7] == false)
    }

    @Test func `a prompt after which nothing is heard ends the trust in the stream`() {
        var driver = MachineDriver()
        driver.follow()
        let sentAt = driver.now
        driver.now += 50
        // The turn's first events come before the prompt's own answer.
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        driver.give(.prompted(session: "ses_1", sentAt: sentAt))
        driver.pass(IngestMachine.promptSilence)
        #expect(driver.reconnects == 0)
        driver.pass(60_000)
        driver.give(.prompted(session: "ses_1", sentAt: driver.now))
        driver.pass(IngestMachine.promptSilence)
        #expect(driver.reconnects == 1)
    }

    @Test func `what was heard before a prompt was sent proves nothing, however short ago`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"idle"}"#)
        driver.now += 2_000
        let sentAt = driver.now
        driver.now += 100
        driver.give(.prompted(session: "ses_1", sentAt: sentAt))
        driver.pass(IngestMachine.promptSilence)
        #expect(driver.reconnects == 1)
    }

    /// A session that is being read.
    private func reading() -> MachineDriver {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"lost"}"#)
        driver.pass(IngestMachine.readDelay)
        driver.requests = []
        return driver
    }

    @Test(arguments: [true, false]) func `what is heard after a prompt and held for a read is heard`(_ isBeforeItsAnswer: Bool) {
        var driver = reading()
        let sentAt = driver.now
        driver.now += 50
        if isBeforeItsAnswer { driver.frame(#"{"session":"ses_1","text":"a"}"#) }
        driver.give(.prompted(session: "ses_1", sentAt: sentAt))
        if !isBeforeItsAnswer { driver.frame(#"{"session":"ses_1","text":"a"}"#) }
        driver.pass(IngestMachine.promptSilence)
        #expect(driver.log["ses_1"] == [] && driver.reconnects == 0)
    }

    @Test func `a session that is read and of which nothing is heard after a prompt ends the trust in the stream`() {
        var driver = reading()
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        driver.now += 50
        driver.give(.prompted(session: "ses_1", sentAt: driver.now))
        driver.pass(IngestMachine.promptSilence)
        #expect(driver.reconnects == 1)
    }

    @Test func `while the stream is not read nobody loses the patience with it`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        driver.now += 50
        driver.give(.prompted(session: "ses_1", sentAt: driver.now))
        driver.machine.waitingBytes = IngestMachine.queuedBytesHigh + 1
        driver.pass(IngestMachine.promptSilence / 2)
        driver.pass(IngestMachine.promptSilence)
        #expect(driver.machine.publisher.isHoldingStream && driver.reconnects == 0)
        #expect(driver.machine.nextWake.map { $0 > driver.now } == true, "it is looked at again, and not at once")
        driver.machine.waitingBytes = 0
        driver.now += IngestMachine.promptSilence - 1
        driver.give(.heard)
        driver.pass(1)
        #expect(!driver.machine.publisher.isHoldingStream && driver.reconnects == 0)
        driver.pass(IngestMachine.promptSilence)
        #expect(driver.reconnects == 1)
    }

    @Test func `what the log refuses is healed, not forgotten`() {
        var driver = MachineDriver()
        driver.follow()
        driver.commitsAtOnce = false
        driver.frame(#"{"session":"ses_1","text":"busy"}"#)
        driver.give(.refused(batch: driver.batches.removeLast()))
        #expect(!driver.machine.isLive)
        // What the log knows now is asked first.
        #expect(driver.recalls == [.seconds(1)])
        driver.start()
        #expect(driver.reconnects == 0)
        driver.commit()
        #expect(driver.reconnects == 1)
        driver.connect()
        #expect(driver.log["ses_1"]?.last == "outage without deltas")
    }

    @Test func `what comes behind a batch that is refused does not stand in the log without it`() {
        var driver = MachineDriver()
        driver.follow()
        driver.commitsAtOnce = false
        for text in ["a", "b", "c"] { driver.frame(#"{"session":"ses_1","text":"\#(text)"}"#) }
        #expect(driver.log["ses_1"] == ["a"])
        driver.give(.refused(batch: driver.batches.removeLast()))
        #expect(driver.batches.isEmpty)
        #expect(driver.log["ses_1"] == ["a"])
    }

    @Test func `what is said while a batch is on its way goes with the next, with its record`() {
        var driver = MachineDriver()
        driver.follow()
        driver.commitsAtOnce = false
        for text in ["a", "b", "c"] { driver.frame(#"{"session":"ses_1","text":"\#(text)"}"#) }
        #expect(driver.records["ses_1"] == Array("+.".utf8))
        driver.give(.committed(batch: driver.batches.removeFirst()))
        #expect(driver.log["ses_1"] == ["a", "b", "c"])
        #expect(driver.records["ses_1"] == Array("+...".utf8))
        driver.frame(#"{"session":"ses_1","text":"d"}"#)
        driver.give(.streamEnded)
        driver.commit()
        #expect(driver.log["ses_1"]?.last == "d")
        #expect(driver.records["ses_1"] == Array("+....".utf8))
    }

    @Test func `a log that is full for minutes is asked again and again, and loses nothing`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"busy"}"#)
        driver.commitsAtOnce = false
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        for round in 1...5 {
            driver.give(.refused(batch: driver.batches.removeFirst()))
            #expect(driver.recalls.count == round)
            driver.now += 30_000
            driver.start([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)])
            driver.greet()
            #expect(driver.requests.isEmpty && driver.reconnects == 0)
        }
        driver.commitsAtOnce = true
        driver.commit()
        #expect(driver.reconnects == 1)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.answer("/read/ses_1", #"{"messages":["m1"],"status":"idle"}"#)
        driver.load("ses_1", busy: true)
        #expect(driver.log["ses_1"]?.suffix(3) == ["message m1 heal", "status idle", "healed without deltas"])
        #expect(driver.machine.outages.pending.isEmpty)
    }

    @Test func `an import that the log refused is said again`() {
        var driver = MachineDriver()
        driver.start()
        driver.connect()
        driver.commitsAtOnce = false
        let list = driver.requests.removeFirst()
        driver.give(
            .answers(
                exchange: list.exchange, [.answered(status: 200, isJSON: true, headers: [], body: Array(#"{"sessions":["ses_1"]}"#.utf8))]))
        driver.give(.refused(batch: driver.batches.removeFirst()))
        driver.commitsAtOnce = true
        driver.start()
        driver.commit()
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        #expect(driver.log["ses_1"] == ["session ses_1 import", "session ses_1 import"])
    }

    @Test func `garbage is skipped`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame("{not json")
        driver.frame(#"{"session":"lobby","text":"x"}"#)
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        #expect(driver.log["ses_1"] == ["a"])
        #expect(driver.log["lobby"] == nil)
    }
}
