import RelayProtocol
import TestSupport
import Testing
import Wire

@testable import Ingest

/// When upstream was heard last, across restarts.
@Suite(.ownThread) struct HeardTests {
    private func heard(_ rig: Rig) throws -> Int? { try JSON.parse(try #require(rig.records["opencode"]))["heard"]?.int }

    @Test func `a clean stop stores when upstream was heard last`() throws {
        var rig = Rig()
        rig.follow()
        rig.commit()
        rig.now += 200_000
        rig.give(.heard)
        #expect(rig.records["opencode"] == nil)
        rig.give(.stopping)
        #expect(try heard(rig) == 201_000)
    }

    @Test func `what is left at a stop goes when the batch before it is committed, or not at all`() throws {
        for isRefused in [false, true] {
            var rig = Rig()
            rig.follow()
            rig.commitsAtOnce = false
            rig.frame(#"{"session":"ses_1","text":"a"}"#)
            rig.frame(#"{"session":"ses_1","text":"b"}"#)
            rig.now += 5_000
            rig.give(.heard)
            rig.give(.stopping)
            #expect(rig.batches.count == 1 && rig.log["ses_1"] == ["a"] && !rig.machine.isSettled)
            let first = rig.batches.removeFirst()
            rig.give(isRefused ? .refused(batch: first) : .committed(batch: first))
            rig.commit()
            #expect(rig.log["ses_1"] == (isRefused ? ["a"] : ["a", "b"]) && rig.machine.isSettled)
        }
    }

    @Test func `while nothing happens the time is stored once in an interval, without an event`() throws {
        var rig = Rig()
        rig.follow()
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        rig.commit()
        var written = 0
        for _ in 0..<90 {
            rig.now += 10_000
            rig.commitsAtOnce = false
            rig.give(.heard)
            written += rig.batches.count
            rig.commit()
        }
        #expect(written == 3)
        #expect(try heard(rig) == 901_000)
        #expect(rig.log.values.reduce(0) { $0 + $1.count } == 1)
    }

    @Test func `while events are logged they are the proof`() {
        var rig = Rig()
        rig.follow()
        for _ in 0..<90 {
            rig.now += 10_000
            rig.frame(#"{"session":"ses_1","text":"a"}"#)
            rig.commit()
        }
        #expect(rig.records["opencode"] == nil)
    }

    @Test func `the next start says an outage from that time on, or from the newest event if that is later`() {
        for (newest, from) in [(Int64(2_000), "901000"), (Int64(950_000), "950000")] {
            var rig = Rig()
            rig.records["opencode"] = Array(#"{"heard":901000}"#.utf8)
            rig.now = 1_000_000
            rig.start(heard: newest)
            rig.connect()
            #expect(rig.machine.outages.pending.map { "\($0.from)" } == [from])
        }
    }

    @Test func `a loss is stored at once: what Reprise says while it lasts does not prove that upstream was heard`() {
        var rig = Rig()
        rig.follow()
        rig.now += 10_000
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        rig.now += 5_000
        rig.give(.streamEnded)
        // A notice of ours came at 50 000, a first restart did not find OpenCode, a second does.
        for newest in [Int64(50_000), 60_000] {
            let records = rig.records
            rig = Rig()
            (rig.records, rig.now) = (records, newest + 1)
            rig.start(heard: newest)
        }
        rig.connect()
        #expect(rig.machine.outages.pending.map(\.from) == [11_000])
    }

    @Test func `what is not reached at a start is stored: notices of ours do not shorten the outage`() {
        var rig = Rig()
        rig.now = 20_000
        rig.start(heard: 10_000)
        let records = rig.records
        rig = Rig()
        (rig.records, rig.now) = (records, 60_000)
        rig.start(heard: 50_000)
        rig.connect()
        #expect(rig.machine.outages.pending.map(\.from) == [10_000])
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
        let state = IngestState(heard: 30, outages: outages)
        #expect(IngestState(state.bytes) == state)
    }
}
