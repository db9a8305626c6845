import RelayProtocol
import TestSupport
import Testing

@testable import Ingest

/// Sessions that do nothing cost nothing, however many there are.
@Suite(.ownThread) struct ManySessionsTests {
    private func busy(_ count: Int) -> MachineDriver {
        var driver = MachineDriver()
        driver.follow()
        for number in 0..<count { driver.frame(#"{"session":"ses_\#(number)","text":"a"}"#) }
        driver.commit()
        return driver
    }

    @Test func `sessions of which nothing is heard are let go`() {
        var driver = busy(5_000)
        #expect(driver.machine.followedSessions == 5_000)
        driver.frame(#"{"session":"ses_7","text":"busy"}"#)
        driver.commit()
        driver.pass(IngestMachine.idleAfter)
        #expect(driver.machine.followedSessions == 1)
        #expect(driver.machine.nextWake == driver.now + IngestMachine.idleAfter)
        driver.frame(#"{"session":"ses_7","text":"idle"}"#)
        driver.commit()
        driver.pass(IngestMachine.idleAfter)
        driver.commit()
        driver.pass(IngestMachine.idleAfter)
        #expect(driver.machine.followedSessions == 0)
        #expect(driver.machine.nextWake == nil)
    }

    @Test func `what arrives afterwards is translated from record and log`() {
        var driver = busy(1)
        driver.pass(IngestMachine.idleAfter)
        driver.frame(#"{"session":"ses_0","text":"b"}"#)
        #expect(driver.loads.map(\.session) == ["ses_0"])
        driver.frame(#"{"session":"ses_0","text":"c"}"#)
        driver.load("ses_0")
        #expect(driver.log["ses_0"] == ["a", "b", "c"])
        #expect(driver.records["ses_0"] == Array("+...".utf8))
    }

    @Test func `a session stays while the log has not all that it knows`() {
        var driver = MachineDriver()
        driver.follow()
        driver.commitsAtOnce = false
        driver.frame(#"{"session":"ses_0","text":"a"}"#)
        driver.pass(IngestMachine.idleAfter)
        #expect(driver.machine.followedSessions == 1)
        driver.commit()
        // A frame that says nothing teaches something all the same.
        driver.frame(#"{"session":"ses_0","text":"silent"}"#)
        driver.pass(IngestMachine.idleAfter)
        #expect(driver.machine.followedSessions == 1)
        #expect(driver.records["ses_0"] == Array("+..".utf8))
        driver.commit()
        driver.pass(IngestMachine.idleAfter)
        #expect(driver.machine.followedSessions == 0)
    }

    @Test func `a session stays while something is awaited of it`() {
        var driver = busy(1)
        driver.now += IngestMachine.idleAfter
        driver.give(.prompted(session: "ses_0", sentAt: driver.now))
        driver.give(.woke)
        #expect(driver.machine.followedSessions == 1)
    }

    @Test func `an outage tells nothing of sessions that were let go`() {
        var driver = busy(3)
        driver.pass(IngestMachine.idleAfter)
        driver.give(.streamEnded)
        driver.connect()
        #expect(driver.log["ses_0"] == ["a"])
        #expect(driver.log["opencode"] == ["outage"])
    }

    @Test func `opening one that was let go needs no read`() {
        var driver = busy(1)
        driver.pass(IngestMachine.idleAfter)
        driver.give(.open(session: "ses_0", ticket: 1))
        #expect(driver.opened[1] == true)
    }

    // After a restart.

    private static let rows = (0..<200).map { #"{"id":"ses_\#($0)","updated":10}"# }
    private static let list = #"{"sessions":[\#(rows.joined(separator: ","))]}"#

    /// The machine of a new life, told what the log has: rows that are older than what upstream lists.
    private func restart(_ driver: inout MachineDriver, isBusy: Bool = false) {
        driver.machine = IngestMachine()
        (driver.requests, driver.loads) = ([], [])
        let known = driver.records.filter { $0.key.hasPrefix("ses_") }.map { id, record in
            KnownSession(id: id, isBusy: isBusy, record: record, said: 1)
        }
        driver.start(known, heard: 500)
        driver.connect()
    }

    /// 200 sessions that were read once and heard of since.
    private func readOnce() -> MachineDriver {
        var driver = MachineDriver()
        driver.start()
        driver.connect()
        driver.answer("/list", Self.list)
        for number in 0..<200 {
            driver.give(.open(session: "ses_\(number)", ticket: number))
            driver.answer("/read/ses_\(number)", #"{"messages":["m1"],"updated":10}"#)
            driver.load("ses_\(number)")
            driver.frame(#"{"session":"ses_\#(number)","text":"a"}"#)
        }
        driver.commit()
        return driver
    }

    @Test func `a restart without news reads none of them`() {
        var driver = readOnce()
        #expect(driver.records.count { IngestRecord($0.value).isImported } == 200)
        restart(&driver)
        driver.answer("/list", Self.list)
        #expect(driver.requests.isEmpty)
        #expect(driver.log["opencode"] == ["outage", "healed"])
    }

    @Test func `a restart reads those of which there is news, each once`() {
        var driver = readOnce()
        restart(&driver)
        driver.answer("/list", Self.list.replacing(#""ses_7","updated":10"#, with: #""ses_7","updated":11"#))
        #expect(driver.requests.map(\.target) == ["/read/ses_7?limit=50"])
        driver.answer("/read/ses_7", #"{"messages":["m1"],"updated":11}"#)
        driver.load("ses_7", messages: ["m1"])
        restart(&driver)
        driver.answer("/list", Self.list.replacing(#""ses_7","updated":10"#, with: #""ses_7","updated":11"#))
        #expect(driver.requests.isEmpty)
    }

    @Test func `sessions that are loaded while they wait for their read are read once, and every read gives its place back`() {
        var driver = readOnce()
        restart(&driver, isBusy: true)
        driver.answer("/list", Self.list)
        // All of them wait to be read; those that do not yet are loaded meanwhile.
        while let load = driver.loads.first { driver.load(load.session, messages: ["m1"], busy: true) }
        var read: [String] = []
        while let target = driver.requests.first?.target {
            #expect(driver.requests.count == min(4, 200 - read.count))
            let id = String(target.split(separator: "/")[1].prefix { $0 != "?" })
            read.append(id)
            driver.answer(target, #"{"messages":["m1"],"updated":10,"status":"idle"}"#)
            driver.load(id, messages: ["m1"])
        }
        #expect(read.sorted() == (0..<200).map { "ses_\($0)" }.sorted())
        #expect(driver.log["opencode"]?.last?.hasPrefix("healed") == true)
        #expect(driver.machine.readsRunning == 0)
    }

    @Test func `a session of which something is heard, or asked, is read before those that only wait`() {
        var driver = readOnce()
        restart(&driver, isBusy: true)
        driver.answer("/list", Self.list)
        #expect(driver.requests.count == 4)
        let later = (0..<200).map { "ses_\($0)" }.filter { id in !driver.requests.contains { $0.target.hasPrefix("/read/\(id)?") } }
        driver.frame(#"{"session":"\#(later[100])","text":"b"}"#)
        driver.give(.prompted(session: later[150], sentAt: driver.now))
        for expected in [later[150], later[100]] {
            let first = driver.requests[0].target
            let id = String(first.split(separator: "/")[1].prefix { $0 != "?" })
            driver.answer(first, #"{"messages":["m1"],"updated":10,"status":"idle"}"#)
            driver.load(id, messages: ["m1"])
            #expect(driver.requests.last?.target == "/read/\(expected)?limit=50")
        }
    }
}
