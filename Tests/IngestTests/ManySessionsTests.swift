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
}
