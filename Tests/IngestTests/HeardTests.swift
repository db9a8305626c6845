import RelayProtocol
import TestSupport
import Testing
import Wire

@testable import Ingest

/// When upstream was heard last, across restarts.
@Suite(.ownThread) struct HeardTests {
    private func heard(_ driver: MachineDriver) throws -> Int? { try JSON.parse(try #require(driver.records["opencode"]))["heard"]?.int }

    @Test func `a clean stop stores when upstream was heard last`() throws {
        var driver = MachineDriver()
        driver.follow()
        driver.commit()
        driver.now += 200_000
        driver.give(.heard)
        #expect(driver.records["opencode"] == nil)
        driver.give(.stopping)
        #expect(try heard(driver) == 201_000)
    }

    @Test func `what is left at a stop goes when the batch before it is committed, or not at all`() throws {
        for isRefused in [false, true] {
            var driver = MachineDriver()
            driver.follow()
            driver.commitsAtOnce = false
            driver.frame(#"{"session":"ses_1","text":"a"}"#)
            driver.frame(#"{"session":"ses_1","text":"b"}"#)
            driver.now += 5_000
            driver.give(.heard)
            driver.give(.stopping)
            #expect(driver.batches.count == 1 && driver.log["ses_1"] == ["a"] && !driver.machine.isSettled)
            let first = driver.batches.removeFirst()
            driver.give(isRefused ? .refused(batch: first) : .committed(batch: first))
            driver.commit()
            #expect(driver.log["ses_1"] == (isRefused ? ["a"] : ["a", "b"]) && driver.machine.isSettled)
        }
    }

    @Test func `while nothing happens the time is stored once in an interval, without an event`() throws {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        driver.commit()
        var written = 0
        for _ in 0..<90 {
            driver.now += 10_000
            driver.commitsAtOnce = false
            driver.give(.heard)
            written += driver.batches.count
            driver.commit()
        }
        #expect(written == 3)
        #expect(try heard(driver) == 901_000)
        #expect(driver.log.values.reduce(0) { $0 + $1.count } == 1)
    }

    @Test func `while events are logged they are the proof`() {
        var driver = MachineDriver()
        driver.follow()
        for _ in 0..<90 {
            driver.now += 10_000
            driver.frame(#"{"session":"ses_1","text":"a"}"#)
            driver.commit()
        }
        #expect(driver.records["opencode"] == nil)
    }

    @Test func `the next start says an outage from that time on, or from the newest event if that is later`() {
        for (newest, from) in [(Int64(2_000), "901000"), (Int64(950_000), "950000")] {
            var driver = MachineDriver()
            driver.records["opencode"] = Array(#"{"heard":901000}"#.utf8)
            driver.now = 1_000_000
            driver.start(heard: newest)
            driver.connect()
            #expect(driver.machine.outages.pending.map { "\($0.from)" } == [from])
        }
    }

    @Test func `a loss is stored at once: what Reprise says while it lasts does not prove that upstream was heard`() {
        var driver = MachineDriver()
        driver.follow()
        driver.now += 10_000
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        driver.now += 5_000
        driver.give(.streamEnded)
        // A notice of ours came at 50 000, a first restart did not find OpenCode, a second does.
        for newest in [Int64(50_000), 60_000] {
            let records = driver.records
            driver = MachineDriver()
            (driver.records, driver.now) = (records, newest + 1)
            driver.start(heard: newest)
        }
        driver.connect()
        #expect(driver.machine.outages.pending.map(\.from) == [11_000])
    }

    @Test func `what is not reached at a start is stored: notices of ours do not shorten the outage`() {
        var driver = MachineDriver()
        driver.now = 20_000
        driver.start(heard: 10_000)
        let records = driver.records
        driver = MachineDriver()
        (driver.records, driver.now) = (records, 60_000)
        driver.start(heard: 50_000)
        driver.connect()
        #expect(driver.machine.outages.pending.map(\.from) == [10_000])
    }

    @Test func `a record that is no JSON counts as none`() {
        #expect(IngestState(Array("nonsense".utf8)) == IngestState(heard: nil, outages: Outages()))
    }

    @Test func `pending outages survive in the record`() {
        var outages = Outages()
        outages.lost(from: 5, busy: ["ses_1", "ses_2"])
        _ = outages.reconnected(at: 9)
        _ = outages.read("ses_2", isHistoryLost: true)
        _ = outages.tell("ses_3")
        _ = outages.allTried()
        outages.lost(from: 20, busy: [])
        let state = IngestState(heard: 30, outages: outages, listBounds: ["the rest"])
        #expect(IngestState(state.bytes) == state)
    }
}
