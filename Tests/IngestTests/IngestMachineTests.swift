import EventLog
import OpenCode
import RelayProtocol
import Testing
import Wire

@testable import Ingest

/// Drives the machine as its owner would, with the log's and OpenCode's answers given by hand.
private struct Rig {
    var machine = IngestMachine()
    var now: Int64 = 1_000
    var log: [String: [String]] = [:]
    var records: [String: [UInt8]] = [:]
    var requests: [(exchange: Int, target: String)] = []
    var loads: [String] = []
    var batches: [Int] = []
    var opened: [Int: Bool] = [:]
    var reconnects = 0

    mutating func give(_ input: IngestMachine.Input) {
        take(machine.receive(input, now: now))
        take(machine.receive(.flush, now: now))
    }

    private mutating func take(_ actions: [IngestMachine.Action]) {
        for action in actions {
            switch action {
            case .append(let batch, let appends, _):
                batches.append(batch)
                for append in appends {
                    log[append.topic.text, default: []] += append.events.map(Rig.short)
                    if let record = append.record { records[append.topic.text] = record }
                }
            case .send(let exchange, let all): requests += all.map { (exchange, $0.target) }
            case .load(let session): loads.append(session)
            case .opened(let ticket, let imported): opened[ticket] = imported
            case .reconnect: reconnects += 1
            case .wait, .pauseStream, .resumeStream, .warn: break
            }
        }
    }

    /// Commits what is on its way, until nothing is.
    mutating func commit() {
        while !batches.isEmpty { give(.committed(batch: batches.removeFirst())) }
    }

    mutating func connect() {
        give(.subscribed(FakeAdapter()))
        frame(#"{"hello":true}"#)
        commit()
    }

    mutating func frame(_ text: String) { give(.frame(Array(text.utf8))) }

    mutating func answer(_ target: String, _ body: String) {
        guard let place = requests.firstIndex(where: { $0.target == target }) else { return }
        let exchange = requests.remove(at: place).exchange
        give(.answers(exchange: exchange, [.answered(status: 200, isJSON: true, headers: [], body: Array(body.utf8))]))
    }

    mutating func load(_ session: String, messages: [String] = [], busy: Bool = false) {
        loads.removeAll { $0 == session }
        var held = FoldedSession()
        held.session = try? JSON.parse(Array(#"{"id":"\#(session)","updated":1}"#.utf8))
        held.status = busy ? .busy : .idle
        for id in messages { held.apply(.message(id, Array(#"{"id":"\#(id)","role":"user","created":0}"#.utf8))) }
        give(.loaded(LoadedSession(session: session, record: records[session], held: held, isWhole: true)))
    }

    private static func short(_ event: Event) -> String {
        let value = try? JSON.parse(event.payload)
        switch event.kind {
        case .upstream: return value?["payload"]?["text"]?.string ?? "?"
        case .outage: return value?["healed"] != nil ? "healed" : "outage"
        default: return event.kind.rawValue + (event.id.map { " \($0)" } ?? "") + (event.origin.map { " \($0.rawValue)" } ?? "")
        }
    }
}

@Suite struct IngestMachineTests {
    @Test func `frames of a new session are published in order, with the record`() {
        var rig = Rig()
        rig.give(.known([], lastHeard: nil))
        rig.connect()
        rig.answer("/list", #"{"sessions":[]}"#)
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        rig.frame(#"{"session":"ses_1","text":"b"}"#)
        #expect(rig.log["ses_1"] == ["a", "b"])
        #expect(rig.records["ses_1"] == Array("+..".utf8))
        #expect(rig.log["opencode"] == nil)
    }

    @Test func `frames wait until the list says whether their session is new`() {
        var rig = Rig()
        rig.give(.known([], lastHeard: nil))
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
        rig.give(.known([KnownSession(id: "ses_1", isImported: true, updated: 1)], lastHeard: nil))
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
        rig.give(.known([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)], lastHeard: 500))
        rig.connect()
        #expect(rig.log["opencode"] == ["outage"])
        #expect(rig.log["ses_1"] == ["outage"])
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.frame(#"{"session":"ses_1","text":"late"}"#)
        rig.answer("/read/ses_1", #"["m1","m2"]"#)
        rig.load("ses_1", messages: ["m1"], busy: true)
        #expect(rig.log["ses_1"] == ["outage", "message m2 heal", "healed", "late"])
        #expect(rig.log["opencode"] == ["outage", "healed"])
    }

    @Test func `nothing is read before what was published is committed`() {
        var rig = Rig()
        rig.give(.known([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)], lastHeard: 500))
        rig.give(.subscribed(FakeAdapter()))
        rig.frame(#"{"hello":true}"#)
        #expect(rig.requests.isEmpty)
        rig.commit()
        #expect(rig.requests.map(\.target).sorted() == ["/list", "/read/ses_1"])
    }

    @Test func `a stream that ends while a session is busy is an outage`() {
        var rig = Rig()
        rig.give(.known([], lastHeard: nil))
        rig.connect()
        rig.answer("/list", #"{"sessions":[]}"#)
        rig.frame(#"{"session":"ses_1","text":"busy"}"#)
        rig.frame(#"{"session":"ses_2","text":"idle"}"#)
        rig.commit()
        rig.give(.streamEnded)
        rig.now += 100
        rig.connect()
        #expect(rig.log["ses_1"] == ["busy", "outage"])
        #expect(rig.log["ses_2"] == ["idle"])
        #expect(rig.log["opencode"] == ["outage"])
    }

    @Test func `a wish to read is granted once, after a while`() {
        var rig = Rig()
        rig.give(.known([], lastHeard: nil))
        rig.connect()
        rig.answer("/list", #"{"sessions":[]}"#)
        rig.frame(#"{"session":"ses_1","text":"lost"}"#)
        rig.frame(#"{"session":"ses_1","text":"lost"}"#)
        rig.commit()
        #expect(rig.machine.nextWake == rig.now + IngestMachine.readDelay)
        rig.now += IngestMachine.readDelay
        rig.give(.woke)
        rig.commit()
        #expect(rig.requests.map(\.target) == ["/read/ses_1"])
    }

    @Test func `opening imports once and answers after the commit`() {
        var rig = Rig()
        rig.give(.known([KnownSession(id: "ses_1", updated: 1)], lastHeard: nil))
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.commit()
        rig.give(.open(session: "ses_1", ticket: 7))
        rig.commit()
        rig.answer("/read/ses_1", #"["m1"]"#)
        rig.load("ses_1")
        #expect(rig.log["ses_1"] == ["message m1 import"])
        #expect(rig.opened[7] == nil)
        rig.commit()
        #expect(rig.opened[7] == true)
        rig.give(.open(session: "ses_1", ticket: 8))
        #expect(rig.opened[8] == true)
        #expect(rig.requests.isEmpty)
    }

    @Test func `opening without an OpenCode is answered at once`() {
        var rig = Rig()
        rig.give(.known([KnownSession(id: "ses_1", updated: 1)], lastHeard: nil))
        rig.give(.open(session: "ses_1", ticket: 7))
        #expect(rig.opened[7] == false)
    }

    @Test func `a prompt after which nothing is heard ends the trust in the stream`() {
        var rig = Rig()
        rig.give(.known([], lastHeard: nil))
        rig.connect()
        rig.answer("/list", #"{"sessions":[]}"#)
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        rig.give(.prompted(session: "ses_1"))
        #expect(rig.machine.nextWake == nil)
        rig.now += 60_000
        rig.give(.prompted(session: "ses_1"))
        rig.now += IngestMachine.promptSilence
        rig.give(.woke)
        #expect(rig.reconnects == 1)
    }

    @Test func `what the log refuses is healed, not forgotten`() {
        var rig = Rig()
        rig.give(.known([], lastHeard: nil))
        rig.connect()
        rig.answer("/list", #"{"sessions":[]}"#)
        rig.frame(#"{"session":"ses_1","text":"busy"}"#)
        rig.give(.refused(batch: rig.batches.removeLast()))
        #expect(rig.reconnects == 1)
        #expect(!rig.machine.isLive)
    }

    @Test func `garbage is skipped`() {
        var rig = Rig()
        rig.give(.known([], lastHeard: nil))
        rig.connect()
        rig.answer("/list", #"{"sessions":[]}"#)
        rig.frame("{not json")
        rig.frame(#"{"session":"lobby","text":"x"}"#)
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        #expect(rig.log["ses_1"] == ["a"])
        #expect(rig.log["lobby"] == nil)
    }
}
