import RelayProtocol
import TestSupport
import Testing

@testable import Ingest

/// Sessions that do nothing cost nothing, however many there are.
@Suite(.ownThread) struct ManySessionsTests {
    private func busy(_ count: Int) -> Rig {
        var rig = Rig()
        rig.follow()
        for number in 0..<count { rig.frame(#"{"session":"ses_\#(number)","text":"a"}"#) }
        rig.commit()
        return rig
    }

    @Test func `sessions of which nothing is heard are let go`() {
        var rig = busy(5_000)
        #expect(rig.machine.followedSessions == 5_000)
        rig.frame(#"{"session":"ses_7","text":"busy"}"#)
        rig.commit()
        rig.pass(IngestMachine.idleAfter)
        #expect(rig.machine.followedSessions == 1)
        #expect(rig.machine.nextWake == rig.now + IngestMachine.idleAfter)
        rig.frame(#"{"session":"ses_7","text":"idle"}"#)
        rig.commit()
        rig.pass(IngestMachine.idleAfter)
        rig.commit()
        rig.pass(IngestMachine.idleAfter)
        #expect(rig.machine.followedSessions == 0)
        #expect(rig.machine.nextWake == nil)
    }

    @Test func `what arrives afterwards is translated from record and log`() {
        var rig = busy(1)
        rig.pass(IngestMachine.idleAfter)
        rig.frame(#"{"session":"ses_0","text":"b"}"#)
        #expect(rig.loads.map(\.session) == ["ses_0"])
        rig.frame(#"{"session":"ses_0","text":"c"}"#)
        rig.load("ses_0")
        #expect(rig.log["ses_0"] == ["a", "b", "c"])
        #expect(rig.records["ses_0"] == Array("+...".utf8))
    }

    @Test func `a session stays while the log has not all that it knows`() {
        var rig = Rig()
        rig.follow()
        rig.commitsAtOnce = false
        rig.frame(#"{"session":"ses_0","text":"a"}"#)
        rig.pass(IngestMachine.idleAfter)
        #expect(rig.machine.followedSessions == 1)
        rig.commit()
        // A frame that says nothing teaches something all the same.
        rig.frame(#"{"session":"ses_0","text":"silent"}"#)
        rig.pass(IngestMachine.idleAfter)
        #expect(rig.machine.followedSessions == 1)
        #expect(rig.records["ses_0"] == Array("+..".utf8))
        rig.commit()
        rig.pass(IngestMachine.idleAfter)
        #expect(rig.machine.followedSessions == 0)
    }

    @Test func `a session stays while something is awaited of it`() {
        var rig = busy(1)
        rig.now += IngestMachine.idleAfter
        rig.give(.prompted(session: "ses_0"))
        rig.give(.woke)
        #expect(rig.machine.followedSessions == 1)
    }

    @Test func `an outage tells nothing of sessions that were let go`() {
        var rig = busy(3)
        rig.pass(IngestMachine.idleAfter)
        rig.give(.streamEnded)
        rig.connect()
        #expect(rig.log["ses_0"] == ["a"])
        #expect(rig.log["opencode"] == ["outage"])
    }

    @Test func `opening one that was let go needs no read`() {
        var rig = busy(1)
        rig.pass(IngestMachine.idleAfter)
        rig.give(.open(session: "ses_0", ticket: 1))
        #expect(rig.opened[1] == true)
    }

    // After a restart.

    private static let rows = (0..<200).map { #"{"id":"ses_\#($0)","updated":10}"# }
    private static let list = #"{"sessions":[\#(rows.joined(separator: ","))]}"#

    /// The machine of a new life, told what the log has: rows that are older than what upstream lists.
    private func restart(_ rig: inout Rig, isBusy: Bool = false) {
        rig.machine = IngestMachine()
        (rig.requests, rig.loads) = ([], [])
        let known = rig.records.filter { $0.key.hasPrefix("ses_") }.map { id, record in
            KnownSession(id: id, isBusy: isBusy, record: record, said: 1)
        }
        rig.start(known, heard: 500)
        rig.connect()
    }

    /// 200 sessions that were read once and heard of since.
    private func readOnce() -> Rig {
        var rig = Rig()
        rig.start()
        rig.connect()
        rig.answer("/list", Self.list)
        for number in 0..<200 {
            rig.give(.open(session: "ses_\(number)", ticket: number))
            rig.answer("/read/ses_\(number)", #"{"messages":["m1"],"updated":10}"#)
            rig.load("ses_\(number)")
            rig.frame(#"{"session":"ses_\#(number)","text":"a"}"#)
        }
        rig.commit()
        return rig
    }

    @Test func `a restart without news reads none of them`() {
        var rig = readOnce()
        #expect(rig.records.count { IngestRecord($0.value).isImported } == 200)
        restart(&rig)
        rig.answer("/list", Self.list)
        #expect(rig.requests.isEmpty)
        #expect(rig.log["opencode"] == ["outage", "healed"])
    }

    @Test func `a restart reads those of which there is news, each once`() {
        var rig = readOnce()
        restart(&rig)
        rig.answer("/list", Self.list.replacing(#""ses_7","updated":10"#, with: #""ses_7","updated":11"#))
        #expect(rig.requests.map(\.target) == ["/read/ses_7?limit=50"])
        rig.answer("/read/ses_7", #"{"messages":["m1"],"updated":11}"#)
        rig.load("ses_7", messages: ["m1"])
        restart(&rig)
        rig.answer("/list", Self.list.replacing(#""ses_7","updated":10"#, with: #""ses_7","updated":11"#))
        #expect(rig.requests.isEmpty)
    }

    @Test func `a session of which something is heard, or asked, is read before those that only wait`() {
        var rig = readOnce()
        restart(&rig, isBusy: true)
        rig.answer("/list", Self.list)
        #expect(rig.requests.count == 4)
        let later = (0..<200).map { "ses_\($0)" }.filter { id in !rig.requests.contains { $0.target.hasPrefix("/read/\(id)?") } }
        rig.frame(#"{"session":"\#(later[100])","text":"b"}"#)
        rig.give(.prompted(session: later[150]))
        for expected in [later[150], later[100]] {
            let first = rig.requests[0].target
            let id = String(first.split(separator: "/")[1].prefix { $0 != "?" })
            rig.answer(first, #"{"messages":["m1"],"updated":10,"status":"idle"}"#)
            rig.load(id, messages: ["m1"])
            #expect(rig.requests.last?.target == "/read/\(expected)?limit=50")
        }
    }
}
