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
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(201...250, older: "m201"))
        driver.load("ses_1", messages: ["m1", "m2"], busy: true)
        for first in stride(from: 151, through: 51, by: -50) {
            #expect(driver.requests.map(\.target) == ["/older/ses_1?before=m\(first + 50)"])
            driver.answer("/older", pages(first...first + 49, older: "m\(first)"))
        }
        #expect(driver.log["ses_1"] == ["outage without deltas"])
        driver.answer("/older/ses_1?before=m51", pages(1...50))
        #expect(driver.loads.last?.before == MessagePlace(created: 51, id: "m51"))
        driver.load("ses_1", messages: ["m1", "m2"], busy: true)
        #expect(driver.log["ses_1"]?.count == 49)
        for first in stride(from: 51, through: 151, by: 50) {
            #expect(driver.requests.map(\.target) == ["/older/ses_1?before=m\(first + 50)"])
            driver.answer("/older", pages(first...first + 49, older: "m\(first)"))
            driver.load("ses_1", busy: true)
        }
        driver.load("ses_1", busy: true)
        let messages = (3...250).map { "message m\($0) heal" }
        #expect(driver.log["ses_1"] == ["outage without deltas"] + messages + ["healed without deltas"])
        #expect(driver.log["opencode"] == ["outage without deltas", "healed without deltas"])
    }

    @Test func `a walk that is cut short goes on behind what it said`() {
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(101...150, older: "m101"))
        driver.load("ses_1", messages: ["m1"], busy: true)
        driver.answer("/older", pages(51...100, older: "m51"))
        driver.answer("/older", pages(1...50))
        driver.load("ses_1", messages: ["m1"], busy: true)
        driver.give(.streamEnded)
        driver.requests = []
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(101...150, older: "m101"))
        driver.load("ses_1", messages: (1...50).map { "m\($0)" }, busy: true)
        driver.answer("/older", pages(51...100, older: "m51"))
        #expect(driver.requests.map(\.target) == ["/older/ses_1?before=m51"])
        driver.answer("/older", pages(1...50))
        driver.load("ses_1", messages: (1...50).map { "m\($0)" }, busy: true)
        driver.answer("/older", pages(51...100, older: "m51"))
        driver.load("ses_1", busy: true)
        driver.load("ses_1", busy: true)
        #expect(driver.log["ses_1"]?.filter { $0.hasPrefix("message") } == (2...150).map { "message m\($0) heal" })
        #expect(driver.log["opencode"]?.last == "healed without deltas")
    }

    @Test func `history is said to be lost where upstream has no page of it`() {
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.answer("/read/ses_1", #"{"messages":[],"missing":true}"#)
        driver.load("ses_1", messages: ["m1"], busy: true)
        #expect(driver.log["ses_1"] == ["outage without deltas", "healed without deltas and history"])
        #expect(driver.log["opencode"]?.last == "healed without deltas and history")
    }

    @Test func `a session that was deleted meanwhile has lost its history`() {
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":[]}"#)
        driver.answer("/read/ses_1", #"{"gone":true}"#)
        driver.load("ses_1", messages: ["m1"], busy: true)
        #expect(driver.log["ses_1"] == ["outage without deltas", "session.removed", "healed without deltas and history"])
    }

    @Test func `a session that goes while its history is read is gone`() {
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(101...150, older: "m101"))
        driver.load("ses_1", messages: ["m1"], busy: true)
        driver.frame(#"{"session":"ses_1","text":"late"}"#)
        driver.answer("/older", #"{"gone":true}"#)
        driver.load("ses_1", messages: ["m1"], busy: true)
        #expect(driver.log["ses_1"] == ["outage without deltas", "session.removed", "healed without deltas and history", "late"])
        #expect(driver.log["opencode"]?.last == "healed without deltas and history")
    }

    /// A busy session that was connected again, and whose first read failed.
    private func unreadable() -> MachineDriver {
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        driver.answer("/read/ses_1", "{}", status: 500)
        driver.load("ses_1", messages: ["m1"], busy: true)
        return driver
    }

    @Test func `healed is not claimed while a session cannot be read`() {
        var driver = unreadable()
        driver.frame(#"{"session":"ses_1","message":"m9"}"#)
        driver.commit()
        #expect(driver.log["ses_1"] == ["outage without deltas", "message m9"])
        #expect(driver.log["opencode"] == ["outage without deltas"])
        driver.pass(IngestMachine.failedReadDelay)
        // What came meanwhile does not end the read: it goes back to what was known before it.
        driver.answer("/read/ses_1", pages(6...9, older: "m6"))
        driver.load("ses_1", messages: ["m1", "m9"], busy: true)
        driver.answer("/older", pages(1...5))
        driver.load("ses_1", messages: ["m1"], busy: true)
        driver.load("ses_1", messages: ["m1", "m2", "m3", "m4", "m5", "m9"], busy: true)
        #expect(
            driver.log["ses_1"] == ["outage without deltas", "message m9"] + (2...8).map { "message m\($0) heal" } + [
                "healed without deltas"
            ])
        #expect(driver.log["opencode"] == ["outage without deltas", "healed without deltas"])
    }

    @Test func `a session that cannot be read is read after a restart, and its outage is healed then`() {
        var driver = unreadable()
        driver.machine = IngestMachine()
        driver.requests = []
        driver.now = 90_000
        driver.start([KnownSession(id: "ses_1", isImported: true, updated: 1)], heard: 80_000)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(1...3))
        driver.load("ses_1", messages: ["m1"])
        #expect(
            driver.log["ses_1"] == [
                "outage without deltas", "outage", "message m2 heal", "message m3 heal", "healed without deltas", "healed",
            ])
        #expect(driver.log["opencode"] == ["outage without deltas", "outage", "healed without deltas", "healed"])
    }

    @Test func `two reconnects in one heal are one outage, and answers to the first count for nothing`() {
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        let first = driver.requests
        driver.give(.streamEnded)
        driver.now += 1_000
        driver.requests = []
        driver.connect()
        for request in first {
            driver.give(.answers(exchange: request.exchange, [.answered(status: 200, isJSON: true, headers: [], body: Array("[]".utf8))]))
        }
        #expect(driver.loads.isEmpty)
        driver.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(1...2))
        driver.load("ses_1", messages: ["m1"], busy: true)
        #expect(driver.log["ses_1"] == ["outage without deltas", "outage without deltas", "message m2 heal", "healed without deltas"])
        #expect(driver.log["opencode"] == ["outage without deltas", "outage without deltas", "healed without deltas"])
        #expect(driver.machine.outages.pending.isEmpty)
    }

    /// Two sessions were busy; one of them has been healed when the stream is lost again, and comes back.
    private func lostAgain() -> MachineDriver {
        var driver = MachineDriver()
        driver.start([busy, KnownSession(id: "ses_2", isBusy: true, isImported: true, updated: 1)], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1","ses_2"]}"#)
        driver.answer("/read/ses_1", pages(1...2))
        driver.load("ses_1", messages: ["m1"])
        #expect(driver.log["ses_1"] == ["outage without deltas", "message m2 heal", "healed without deltas"])
        driver.give(.streamEnded)
        driver.now += 1_000
        driver.requests = []
        driver.connect()
        return driver
    }

    @Test func `a session that was healed before the stream was lost again is not told of it once more`() {
        var driver = lostAgain()
        driver.answer("/list", #"{"sessions":["ses_1","ses_2"]}"#)
        driver.answer("/read/ses_2", pages(1...1))
        driver.load("ses_2", messages: ["m1"])
        #expect(driver.log["ses_1"] == ["outage without deltas", "message m2 heal", "healed without deltas"])
        #expect(driver.log["ses_2"] == ["outage without deltas", "outage without deltas", "healed without deltas"])
        #expect(driver.log["opencode"] == ["outage without deltas", "outage without deltas", "healed without deltas"])
    }

    @Test func `a session that was healed before the stream was lost again, and differs after that, tells of it once more`() {
        var driver = lostAgain()
        driver.answer("/list", #"{"sessions":["ses_1","ses_2"],"active":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(1...3))
        driver.load("ses_1", messages: ["m1", "m2"])
        let healed = ["outage without deltas", "message m2 heal", "healed without deltas"]
        #expect(driver.log["ses_1"] == healed + ["outage without deltas", "message m3 heal", "healed without deltas"])
        #expect(driver.log["opencode"] == ["outage without deltas", "outage without deltas"])
    }

    @Test func `what the log gave to an earlier connection is not compared`() throws {
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(1...2))
        let stale = try #require(driver.loads.first)
        driver.give(.streamEnded)
        (driver.loads, driver.requests) = ([], [])
        driver.connect()
        driver.answer("/read/ses_1", pages(1...3))
        driver.give(.loaded(LoadedSession(stale, record: nil, held: FoldedSession())))
        #expect(driver.log["ses_1"] == ["outage without deltas", "outage without deltas"])
        driver.load("ses_1", messages: ["m1", "m2"])
        #expect(driver.log["ses_1"]?.suffix(2) == ["message m3 heal", "healed without deltas"])
    }

    @Test func `a second heal says nothing`() {
        var driver = MachineDriver()
        driver.start([busy], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"],"active":["ses_1"]}"#)
        driver.answer("/read/ses_1", pages(1...3))
        driver.load("ses_1", messages: ["m1"], busy: true)
        let said = driver.log["ses_1"]
        driver.frame(#"{"session":"ses_1","text":"lost"}"#)
        driver.pass(IngestMachine.readDelay)
        driver.answer("/read/ses_1", pages(1...3))
        driver.load("ses_1", messages: ["m1", "m2", "m3"], busy: true)
        #expect(driver.log["ses_1"] == said)
    }

    @Test func `a storm of server events does not keep the list from being asked for`() {
        var driver = MachineDriver()
        driver.start()
        driver.commitsAtOnce = false
        driver.frame(#"{"type":"file.changed"}"#)
        driver.greet()
        for _ in 0..<10 {
            driver.frame(#"{"type":"file.changed"}"#)
            driver.give(.committed(batch: driver.batches.removeFirst()))
        }
        #expect(driver.requests.map(\.target) == ["/list"])
    }

    @Test func `an object that is too large is told of once, also by later heals and after a restart`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","large":40000}"#)
        driver.frame(#"{"session":"ses_1","large":41000}"#)
        #expect(driver.log["ses_1"] == ["notice"])
        driver.commit()
        driver.machine = IngestMachine()
        driver.start([KnownSession(id: "ses_1", isImported: true, updated: 1)])
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.frame(#"{"session":"ses_1","large":42000}"#)
        driver.load("ses_1")
        #expect(driver.log["ses_1"] == ["notice"])
    }

    @Test func `a read that was wanted when the stream was lost is made after the reconnect`() {
        var driver = MachineDriver()
        driver.start([KnownSession(id: "ses_1", isImported: true, isFollowed: true, updated: 1)], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.frame(#"{"session":"ses_1","text":"lost"}"#)
        driver.load("ses_1")
        driver.give(.streamEnded)
        driver.requests = []
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        #expect(driver.requests.map(\.target) == ["/read/ses_1?limit=50"])
    }

    @Test func `a read that was wanted when Reprise was killed is made by the first life that can, and not once more`() {
        var driver = MachineDriver()
        let idle = KnownSession(id: "ses_1", isImported: true, isFollowed: true, updated: 1)
        driver.start([idle], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1"]}"#)
        driver.frame(#"{"session":"ses_1","text":"lost"}"#)
        driver.load("ses_1")
        // The second life gets as far as the list.
        for life in 1...3 {
            driver.machine = IngestMachine()
            (driver.requests, driver.loads) = ([], [])
            var known = idle
            known.isReadOwed = driver.records["ses_1"].map { IngestRecord($0).notes.isReadOwed } ?? false
            driver.start([known], heard: 600)
            driver.connect()
            driver.answer("/list", #"{"sessions":["ses_1"]}"#)
            let isAsked = driver.requests.map(\.target) == ["/read/ses_1?limit=50"]
            #expect(isAsked == (life < 3), "life \(life)")
            guard life == 2 else { continue }
            driver.answer("/read/ses_1", pages(1...2))
            driver.load("ses_1", messages: ["m1"])
            #expect(driver.log["ses_1"]?.contains("message m2 heal") == true)
        }
    }
}
