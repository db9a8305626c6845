import RelayProtocol
import TestSupport
import Testing
import Wire

@testable import Ingest

/// The machine's schedules around outages: what is claimed, and when.
@Suite(.ownThread) struct OutageTests {
    private let busy = KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)

    private func pages(_ numbers: ClosedRange<Int>, older: String? = nil) -> String {
        let ids = numbers.map { #""m\#($0)""# }.joined(separator: ",")
        return #"{"messages":[\#(ids)]\#(older.map { #","older":"\#($0)""# } ?? "")}"#
    }

    @Test func `more than a page was missed: everything is read back, oldest first, and nothing is said to be lost but deltas`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(201...250, older: "m201"))
        rig.load("ses_1", messages: ["m1", "m2"], busy: true)
        for first in stride(from: 151, through: 51, by: -50) {
            #expect(rig.requests.map(\.target) == ["/older/ses_1?before=m\(first + 50)"])
            rig.answer("/older", pages(first...first + 49, older: "m\(first)"))
        }
        #expect(rig.log["ses_1"] == ["outage without deltas"])
        rig.answer("/older/ses_1?before=m51", pages(1...50))
        #expect(rig.loads.last?.before == MessagePlace(created: 51, id: "m51"))
        rig.load("ses_1", messages: ["m1", "m2"], busy: true)
        #expect(rig.log["ses_1"]?.count == 49)
        for first in stride(from: 51, through: 151, by: 50) {
            #expect(rig.requests.map(\.target) == ["/older/ses_1?before=m\(first + 50)"])
            rig.answer("/older", pages(first...first + 49, older: "m\(first)"))
            rig.load("ses_1", busy: true)
        }
        rig.load("ses_1", busy: true)
        let messages = (3...250).map { "message m\($0) heal" }
        #expect(rig.log["ses_1"] == ["outage without deltas"] + messages + ["healed without deltas"])
        #expect(rig.log["opencode"] == ["outage without deltas", "healed without deltas"])
    }

    @Test func `a walk that is cut short goes on behind what it said`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(101...150, older: "m101"))
        rig.load("ses_1", messages: ["m1"], busy: true)
        rig.answer("/older", pages(51...100, older: "m51"))
        rig.answer("/older", pages(1...50))
        rig.load("ses_1", messages: ["m1"], busy: true)
        rig.give(.streamEnded)
        rig.requests = []
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(101...150, older: "m101"))
        rig.load("ses_1", messages: (1...50).map { "m\($0)" }, busy: true)
        rig.answer("/older", pages(51...100, older: "m51"))
        #expect(rig.requests.map(\.target) == ["/older/ses_1?before=m51"])
        rig.answer("/older", pages(1...50))
        rig.load("ses_1", messages: (1...50).map { "m\($0)" }, busy: true)
        rig.answer("/older", pages(51...100, older: "m51"))
        rig.load("ses_1", busy: true)
        rig.load("ses_1", busy: true)
        #expect(rig.log["ses_1"]?.filter { $0.hasPrefix("message") } == (2...150).map { "message m\($0) heal" })
        #expect(rig.log["opencode"]?.last == "healed without deltas")
    }

    @Test func `history is said to be lost where upstream has no page of it`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.answer("/read/ses_1", #"{"messages":[],"missing":true}"#)
        rig.load("ses_1", messages: ["m1"], busy: true)
        #expect(rig.log["ses_1"] == ["outage without deltas", "healed without deltas and history"])
        #expect(rig.log["opencode"]?.last == "healed without deltas and history")
    }

    @Test func `a session that was deleted meanwhile has lost its history`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":[]}"#)
        rig.answer("/read/ses_1", #"{"gone":true}"#)
        rig.load("ses_1", messages: ["m1"], busy: true)
        #expect(rig.log["ses_1"] == ["outage without deltas", "session.removed", "healed without deltas and history"])
    }

    @Test func `a session that goes while its history is read is gone`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(101...150, older: "m101"))
        rig.load("ses_1", messages: ["m1"], busy: true)
        rig.frame(#"{"session":"ses_1","text":"late"}"#)
        rig.answer("/older", #"{"gone":true}"#)
        rig.load("ses_1", messages: ["m1"], busy: true)
        #expect(rig.log["ses_1"] == ["outage without deltas", "session.removed", "healed without deltas and history", "late"])
        #expect(rig.log["opencode"]?.last == "healed without deltas and history")
    }

    @Test func `healed is not claimed while a session cannot be read`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.answer("/read/ses_1", "{}", status: 500)
        rig.load("ses_1", messages: ["m1"], busy: true)
        rig.frame(#"{"session":"ses_1","message":"m9"}"#)
        rig.commit()
        #expect(rig.log["ses_1"] == ["outage without deltas", "message m9"])
        #expect(rig.log["opencode"] == ["outage without deltas"])
        rig.pass(IngestMachine.failedReadDelay)
        // What came meanwhile does not end the read: it goes back to what was known before it.
        rig.answer("/read/ses_1", pages(6...9, older: "m6"))
        rig.load("ses_1", messages: ["m1", "m9"], busy: true)
        rig.answer("/older", pages(1...5))
        rig.load("ses_1", messages: ["m1"], busy: true)
        rig.load("ses_1", messages: ["m1", "m2", "m3", "m4", "m5", "m9"], busy: true)
        #expect(
            rig.log["ses_1"] == ["outage without deltas", "message m9"] + (2...8).map { "message m\($0) heal" } + ["healed without deltas"])
        #expect(rig.log["opencode"] == ["outage without deltas", "healed without deltas"])
    }

    @Test func `a session that cannot be read is read after a restart, and its outage is healed then`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.answer("/read/ses_1", "{}", status: 500)
        rig.load("ses_1", messages: ["m1"], busy: true)
        rig.machine = IngestMachine()
        rig.requests = []
        rig.now = 90_000
        rig.start([KnownSession(id: "ses_1", isImported: true, updated: 1)], heard: 80_000)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(1...3))
        rig.load("ses_1", messages: ["m1"])
        #expect(
            rig.log["ses_1"] == [
                "outage without deltas", "outage", "message m2 heal", "message m3 heal", "healed without deltas", "healed",
            ])
        #expect(rig.log["opencode"] == ["outage without deltas", "outage", "healed without deltas", "healed"])
    }

    @Test func `two reconnects in one heal are one outage, and answers to the first count for nothing`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        let first = rig.requests
        rig.give(.streamEnded)
        rig.now += 1_000
        rig.requests = []
        rig.connect()
        for request in first {
            rig.give(.answers(exchange: request.exchange, [.answered(status: 200, isJSON: true, headers: [], body: Array("[]".utf8))]))
        }
        #expect(rig.loads.isEmpty)
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(1...2))
        rig.load("ses_1", messages: ["m1"], busy: true)
        #expect(rig.log["ses_1"] == ["outage without deltas", "outage without deltas", "message m2 heal", "healed without deltas"])
        #expect(rig.log["opencode"] == ["outage without deltas", "outage without deltas", "healed without deltas"])
        #expect(rig.machine.outages.pending.isEmpty)
    }

    /// Two sessions were busy; one of them has been healed when the stream is lost again, and comes back.
    private func lostAgain() -> Rig {
        var rig = Rig()
        rig.start([busy, KnownSession(id: "ses_2", isBusy: true, isImported: true, updated: 1)], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1","ses_2"]}"#)
        rig.answer("/read/ses_1", pages(1...2))
        rig.load("ses_1", messages: ["m1"])
        #expect(rig.log["ses_1"] == ["outage without deltas", "message m2 heal", "healed without deltas"])
        rig.give(.streamEnded)
        rig.now += 1_000
        rig.requests = []
        rig.connect()
        return rig
    }

    @Test func `a session that was healed before the stream was lost again is not told of it once more`() {
        var rig = lostAgain()
        rig.answer("/list", #"{"sessions":["ses_1","ses_2"]}"#)
        rig.answer("/read/ses_2", pages(1...1))
        rig.load("ses_2", messages: ["m1"])
        #expect(rig.log["ses_1"] == ["outage without deltas", "message m2 heal", "healed without deltas"])
        #expect(rig.log["ses_2"] == ["outage without deltas", "outage without deltas", "healed without deltas"])
        #expect(rig.log["opencode"] == ["outage without deltas", "outage without deltas", "healed without deltas"])
    }

    @Test func `a session that was healed before the stream was lost again, and differs after that, tells of it once more`() {
        var rig = lostAgain()
        rig.answer("/list", #"{"sessions":["ses_1","ses_2"],"active":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(1...3))
        rig.load("ses_1", messages: ["m1", "m2"])
        let healed = ["outage without deltas", "message m2 heal", "healed without deltas"]
        #expect(rig.log["ses_1"] == healed + ["outage without deltas", "message m3 heal", "healed without deltas"])
        #expect(rig.log["opencode"] == ["outage without deltas", "outage without deltas"])
    }

    @Test func `what the log gave to an earlier connection is not compared`() throws {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(1...2))
        let stale = try #require(rig.loads.first)
        rig.give(.streamEnded)
        (rig.loads, rig.requests) = ([], [])
        rig.connect()
        rig.answer("/read/ses_1", pages(1...3))
        rig.give(.loaded(LoadedSession(stale, record: nil, held: FoldedSession())))
        #expect(rig.log["ses_1"] == ["outage without deltas", "outage without deltas"])
        rig.load("ses_1", messages: ["m1", "m2"])
        #expect(rig.log["ses_1"]?.suffix(2) == ["message m3 heal", "healed without deltas"])
    }

    @Test func `a second heal says nothing`() {
        var rig = Rig()
        rig.start([busy], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        rig.answer("/read/ses_1", pages(1...3))
        rig.load("ses_1", messages: ["m1"], busy: true)
        let said = rig.log["ses_1"]
        rig.frame(#"{"session":"ses_1","text":"lost"}"#)
        rig.pass(IngestMachine.readDelay)
        rig.answer("/read/ses_1", pages(1...3))
        rig.load("ses_1", messages: ["m1", "m2", "m3"], busy: true)
        #expect(rig.log["ses_1"] == said)
    }

    @Test func `a storm of server events does not keep the list from being asked for`() {
        var rig = Rig()
        rig.start()
        rig.commitsAtOnce = false
        rig.frame(#"{"type":"file.changed"}"#)
        rig.greet()
        for _ in 0..<10 {
            rig.frame(#"{"type":"file.changed"}"#)
            rig.give(.committed(batch: rig.batches.removeFirst()))
        }
        #expect(rig.requests.map(\.target) == ["/list"])
    }

    @Test func `an object that is too large is told of once, also by later heals and after a restart`() {
        var rig = Rig()
        rig.follow()
        rig.frame(#"{"session":"ses_1","large":40000}"#)
        rig.frame(#"{"session":"ses_1","large":41000}"#)
        #expect(rig.log["ses_1"] == ["notice"])
        rig.commit()
        rig.machine = IngestMachine()
        rig.start([KnownSession(id: "ses_1", isImported: true, updated: 1)])
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.frame(#"{"session":"ses_1","large":42000}"#)
        rig.load("ses_1")
        #expect(rig.log["ses_1"] == ["notice"])
    }

    @Test func `a read that was wanted when the stream was lost is made after the reconnect`() {
        var rig = Rig()
        rig.start([KnownSession(id: "ses_1", isImported: true, isFollowed: true, updated: 1)], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.frame(#"{"session":"ses_1","text":"lost"}"#)
        rig.load("ses_1")
        rig.give(.streamEnded)
        rig.requests = []
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        #expect(rig.requests.map(\.target) == ["/read/ses_1?limit=50"])
    }

    @Test func `a read that was wanted when Reprise was killed is made by the first life that can, and not once more`() {
        var rig = Rig()
        let idle = KnownSession(id: "ses_1", isImported: true, isFollowed: true, updated: 1)
        rig.start([idle], heard: 500)
        rig.connect()
        rig.answer("/list", #"{"sessions":["ses_1"]}"#)
        rig.frame(#"{"session":"ses_1","text":"lost"}"#)
        rig.load("ses_1")
        // The second life gets as far as the list.
        for life in 1...3 {
            rig.machine = IngestMachine()
            (rig.requests, rig.loads) = ([], [])
            var known = idle
            known.isReadOwed = rig.records["ses_1"].map { IngestRecord($0).notes.isReadOwed } ?? false
            rig.start([known], heard: 600)
            rig.connect()
            rig.answer("/list", #"{"sessions":["ses_1"]}"#)
            let isAsked = rig.requests.map(\.target) == ["/read/ses_1?limit=50"]
            #expect(isAsked == (life < 3), "life \(life)")
            guard life == 2 else { continue }
            rig.answer("/read/ses_1", pages(1...2))
            rig.load("ses_1", messages: ["m1"])
            #expect(rig.log["ses_1"]?.contains("message m2 heal") == true)
        }
    }
}
