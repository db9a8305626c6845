// What cannot be read of an OpenCode that is there is done without: it must not keep all else from being heard.

import OpenCode
import Testing

@testable import Ingest

@Suite struct UnreadableTests {
    static let failures: [UpstreamAnswer] = [.late, .answered(status: 500, isJSON: true, headers: [], body: Array("{}".utf8))]
    private static let busy = KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)

    @Test(arguments: failures.indices) func `a session that cannot be read is followed, and read again later`(failure: Int) {
        var driver = MachineDriver()
        driver.start([Self.busy, KnownSession(id: "ses_2", isBusy: true, isImported: true, updated: 1)], heard: 500)
        driver.connect()
        driver.answer("/list", #"{"sessions":["ses_1","ses_2"],"active":["ses_1"]}"#)
        driver.answer("/read/ses_1", with: Self.failures[failure])
        driver.load("ses_1", busy: true)
        driver.frame(#"{"session":"ses_1","text":"on"}"#)
        #expect(driver.reconnects == 0)
        #expect(driver.log["ses_1"]?.last == "on")
        driver.answer("/read/ses_2", #"{"messages":[],"status":"idle"}"#)
        driver.load("ses_2", busy: true)
        driver.pass(30_000)
        driver.pass(1_000)
        #expect(driver.requests.contains { $0.target.hasPrefix("/read/ses_1") })
    }

    @Test(arguments: failures.indices) func `without the list what is known is followed, and no outage is over before it was read`(
        failure: Int
    ) {
        var driver = MachineDriver()
        driver.start([Self.busy, KnownSession(id: "ses_2", isImported: true, updated: 1)], heard: 500)
        driver.connect()
        driver.answer("/list", with: Self.failures[failure])
        driver.answer("/read/ses_1", #"{"messages":[],"status":"idle"}"#)
        driver.load("ses_1", busy: true)
        driver.frame(#"{"session":"ses_3","text":"new"}"#)
        driver.answer("/read/ses_3", #"{"messages":[]}"#)
        driver.load("ses_3")
        #expect(driver.reconnects == 0)
        #expect(driver.warnings.contains { $0.hasPrefix("the list of sessions cannot be read") })
        #expect(driver.log["ses_3"]?.last == "new")
        #expect(driver.log["opencode"] == ["outage without deltas"])

        driver.pass(29_999)
        #expect(!driver.requests.contains { $0.target == "/list" })
        driver.pass(1)
        driver.answer("/list", with: Self.failures[failure])
        driver.pass(59_999)
        #expect(!driver.requests.contains { $0.target == "/list" })
        driver.pass(1)
        // What was missed of one that was idle is found now.
        driver.answer("/list", #"{"sessions":["ses_1",{"id":"ses_2","updated":2}]}"#)
        driver.answer("/read/ses_2", #"{"messages":["m1"]}"#)
        driver.load("ses_2")
        #expect(driver.log["ses_2"]?.contains("message m1 heal") == true)
        #expect(driver.log["opencode"] == ["outage without deltas"])
        driver.answer("/read/ses_1", #"{"messages":[],"status":"idle"}"#)
        driver.load("ses_1")
        #expect(driver.log["opencode"]?.last == "healed without deltas")
        #expect(driver.reconnects == 0)
    }

    @Test func `who cannot be reached is asked anew from the start`() {
        var driver = MachineDriver()
        driver.start([Self.busy], heard: 500)
        driver.connect()
        driver.answer("/list", with: .unreachable(mayHaveArrived: true))
        #expect(driver.reconnects == 1)
    }
}
