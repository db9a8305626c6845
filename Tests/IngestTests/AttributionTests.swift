import RelayProtocol
import TestSupport
import Testing

@testable import Ingest

/// Whose name stands on what: schedules of replies, their outcomes and the stream's word.
@Suite(.ownThread) struct AttributionTests {
    private func begun(_ session: String? = "ses_1") -> Rig {
        var rig = Rig()
        rig.follow()
        rig.frame(#"{"session":"ses_1","text":"a"}"#)
        rig.give(.acting(object: "per_1", session: session, by: "owner"))
        return rig
    }

    private let closed = #"{"session":"ses_1","closed":"per_1"}"#

    @Test func `an answer that is told before our reply is answered waits for its outcome`() {
        var rig = begun()
        rig.frame(closed)
        rig.frame(#"{"session":"ses_1","text":"b"}"#)
        rig.frame(#"{"session":"ses_2","text":"c"}"#)
        #expect(rig.log["ses_1"] == ["a"])
        #expect(rig.log["ses_2"] == ["c"])
        rig.give(.acted(object: "per_1", succeeded: true))
        #expect(rig.log["ses_1"] == ["a", "permission.closed per_1 by owner", "b"])
    }

    @Test func `a reply that was refused puts no name on somebody else's answer`() {
        var rig = begun()
        rig.frame(closed)
        rig.give(.acted(object: "per_1", succeeded: false))
        #expect(rig.log["ses_1"] == ["a", "permission.closed per_1"])
        var other = begun()
        other.give(.acted(object: "per_1", succeeded: false))
        other.frame(closed)
        #expect(other.log["ses_1"] == ["a", "permission.closed per_1"])
    }

    @Test func `a reply that succeeded before the stream tells has a name`() {
        var rig = begun()
        rig.give(.acted(object: "per_1", succeeded: true))
        rig.frame(closed)
        rig.frame(closed)
        #expect(rig.log["ses_1"] == ["a", "permission.closed per_1 by owner", "permission.closed per_1"])
    }

    @Test func `nobody waits for ever`() {
        var rig = begun()
        rig.frame(closed)
        rig.pass(Actors.patience)
        #expect(rig.log["ses_1"] == ["a", "permission.closed per_1"])
        rig.give(.acted(object: "per_1", succeeded: true))
        rig.frame(#"{"session":"ses_1","text":"b"}"#)
        #expect(rig.log["ses_1"] == ["a", "permission.closed per_1", "b"])
    }

    @Test func `frames that tell of no answer do not wait`() {
        var rig = begun()
        rig.frame(#"{"session":"ses_1","text":"b"}"#)
        rig.frame(#"{"session":"ses_1","closed":"per_2"}"#)
        rig.frame(#"{"session":"ses_1","closed":"per_1","reply":"withdrawn"}"#)
        #expect(rig.log["ses_1"] == ["a", "b", "permission.closed per_2", "permission.closed per_1"])
    }

    @Test func `a prompt's message is ours from the start, also when a read tells of it`() {
        var rig = Rig()
        rig.follow()
        rig.give(.acting(object: "m1", session: nil, by: "owner"))
        rig.give(.acting(object: "m2", session: nil, by: "owner"))
        rig.frame(#"{"session":"ses_1","message":"m1"}"#)
        rig.frame(#"{"session":"ses_1","text":"lost"}"#)
        rig.pass(IngestMachine.readDelay)
        rig.answer("/read/ses_1", #"["m1","m2"]"#)
        rig.load("ses_1", messages: ["m1"])
        #expect(rig.log["ses_1"] == ["message m1 by owner", "message m2 heal by owner"])
    }

    @Test func `what waits survives nothing: a lost stream has it read again`() {
        var rig = begun()
        rig.frame(closed)
        rig.give(.streamEnded)
        rig.give(.acted(object: "per_1", succeeded: true))
        #expect(rig.log["ses_1"] == ["a"])
        #expect(rig.machine.waitingBytes == 0)
    }
}
