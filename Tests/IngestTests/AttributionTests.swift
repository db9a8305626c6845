import RelayProtocol
import TestSupport
import Testing

@testable import Ingest

/// Whose name stands on what: schedules of replies, their outcomes and the stream's word.
@Suite(.ownThread) struct AttributionTests {
    private func begun(_ session: String? = "ses_1") -> MachineDriver {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"a"}"#)
        driver.give(.acting(object: "per_1", session: session, by: "owner"))
        return driver
    }

    private let closed = #"{"session":"ses_1","closed":"per_1"}"#

    @Test func `an answer that is told before our reply is answered waits for its outcome`() {
        var driver = begun()
        driver.frame(closed)
        driver.frame(#"{"session":"ses_1","text":"b"}"#)
        driver.frame(#"{"session":"ses_2","text":"c"}"#)
        #expect(driver.log["ses_1"] == ["a"])
        #expect(driver.log["ses_2"] == ["c"])
        driver.give(.acted(object: "per_1", succeeded: true))
        #expect(driver.log["ses_1"] == ["a", "permission.closed per_1 by owner", "b"])
    }

    @Test func `a reply that was refused puts no name on somebody else's answer`() {
        var driver = begun()
        driver.frame(closed)
        driver.give(.acted(object: "per_1", succeeded: false))
        #expect(driver.log["ses_1"] == ["a", "permission.closed per_1"])
        var other = begun()
        other.give(.acted(object: "per_1", succeeded: false))
        other.frame(closed)
        #expect(other.log["ses_1"] == ["a", "permission.closed per_1"])
    }

    @Test func `a reply that succeeded before the stream tells has a name`() {
        var driver = begun()
        driver.give(.acted(object: "per_1", succeeded: true))
        driver.frame(closed)
        driver.frame(closed)
        #expect(driver.log["ses_1"] == ["a", "permission.closed per_1 by owner", "permission.closed per_1"])
    }

    @Test func `nobody waits for ever`() {
        var driver = begun()
        driver.frame(closed)
        driver.pass(Attribution.patience)
        #expect(driver.log["ses_1"] == ["a", "permission.closed per_1"])
        driver.give(.acted(object: "per_1", succeeded: true))
        driver.frame(#"{"session":"ses_1","text":"b"}"#)
        #expect(driver.log["ses_1"] == ["a", "permission.closed per_1", "b"])
    }

    @Test func `what has closed a card is kept as long as the reply to it is under way`() {
        var driver = begun()
        #expect(driver.machine.closing(of: "per_1") == nil)
        driver.frame(closed)
        let closing = Event.permissionClosed("per_1", reply: "once").payload
        #expect(driver.machine.closing(of: "per_1") == closing, "it waits, and was heard")
        driver.pass(Attribution.patience)
        #expect(driver.machine.closing(of: "per_1") == closing, "nobody waits, and it was heard")
        driver.give(.acted(object: "per_1", succeeded: false))
        #expect(driver.machine.closing(of: "per_1") == nil)
    }

    @Test func `what closes a card is heard also when nobody waits any more`() {
        var driver = begun()
        driver.give(.acting(object: "per_2", session: "ses_1", by: "owner"))
        driver.frame(#"{"session":"ses_1","closed":"per_2"}"#)
        driver.pass(Attribution.patience)
        driver.frame(#"{"session":"ses_1","closed":"per_1","reply":"reject"}"#)
        #expect(driver.machine.closing(of: "per_1") == Event.permissionClosed("per_1", reply: "reject").payload)
        driver.give(.acted(object: "per_1", succeeded: true))
        #expect(driver.log["ses_1"] == ["a", "permission.closed per_2", "permission.closed per_1"])
    }

    @Test func `a card that was withdrawn was closed by nobody`() {
        var driver = begun()
        driver.frame(#"{"session":"ses_1","closed":"per_1","reply":"withdrawn"}"#)
        #expect(driver.machine.closing(of: "per_1") == nil)
    }

    @Test func `frames that tell of no answer do not wait`() {
        var driver = begun()
        driver.frame(#"{"session":"ses_1","text":"b"}"#)
        driver.frame(#"{"session":"ses_1","closed":"per_2"}"#)
        driver.frame(#"{"session":"ses_1","closed":"per_1","reply":"withdrawn"}"#)
        #expect(driver.log["ses_1"] == ["a", "b", "permission.closed per_2", "permission.closed per_1"])
    }

    @Test func `a prompt's message is ours from the start, also when a read tells of it`() {
        var driver = MachineDriver()
        driver.follow()
        driver.give(.acting(object: "m1", session: nil, by: "owner"))
        driver.give(.acting(object: "m2", session: nil, by: "owner"))
        driver.frame(#"{"session":"ses_1","message":"m1"}"#)
        driver.frame(#"{"session":"ses_1","text":"lost"}"#)
        driver.pass(IngestMachine.readDelay)
        driver.answer("/read/ses_1", #"["m1","m2"]"#)
        driver.load("ses_1", messages: ["m1"])
        #expect(driver.log["ses_1"] == ["message m1 by owner", "message m2 heal by owner"])
    }

    @Test func `what waits survives nothing: a lost stream has it read again`() {
        var driver = begun()
        driver.frame(closed)
        driver.give(.streamEnded)
        driver.give(.acted(object: "per_1", succeeded: true))
        #expect(driver.log["ses_1"] == ["a"])
        #expect(driver.machine.waitingBytes == 0)
    }
}
