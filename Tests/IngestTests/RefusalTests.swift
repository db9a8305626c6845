import TestSupport
import Testing

@testable import Ingest

/// A log that takes nothing: what it costs, and how following begins again.
@Suite(.ownThread) struct RefusalTests {
    /// The log can be read, and refuses what is written, for so long (ms); heartbeats go on. Gives how many batches it was given.
    private func refuse(_ driver: inout MachineDriver, for time: Int64) -> Int {
        driver.commitsAtOnce = false
        let end = driver.now + time
        var appends = 0
        var answered = driver.recalls.count
        var recallAt: Int64?
        while driver.now < end {
            while !driver.batches.isEmpty, appends < 1_000 {
                appends += 1
                driver.give(.refused(batch: driver.batches.removeFirst()))
            }
            if driver.recalls.count > answered, recallAt == nil {
                recallAt = driver.now + Int64(driver.recalls[answered] / .milliseconds(1))
            }
            if let at = recallAt, at <= driver.now {
                (recallAt, answered) = (nil, answered + 1)
                driver.start()
            }
            driver.now += 500
            driver.give(.heard)
        }
        return appends
    }

    private func refusing() -> MachineDriver {
        var driver = MachineDriver()
        driver.follow()
        driver.commitsAtOnce = false
        driver.frame(#"{"session":"ses_1","text":"busy"}"#)
        return driver
    }

    @Test func `a log that refuses for an hour is asked every half minute in the end, and it is said once`() {
        var driver = refusing()
        let appends = refuse(&driver, for: 3_600_000)
        #expect(driver.recalls.prefix(7) == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(30), .seconds(30)])
        #expect((100...130).contains(appends))
        #expect(driver.warnings.count == 1 && driver.reconnects == 0)
    }

    @Test func `when it takes something again upstream is followed anew, once`() {
        var driver = refusing()
        _ = refuse(&driver, for: 100_000)
        if driver.batches.isEmpty { driver.start() }
        driver.commitsAtOnce = true
        driver.commit()
        #expect(driver.reconnects == 1 && driver.warnings.count == 1)
        driver.connect()
        driver.answer("/list", #"{"sessions":[]}"#)
        driver.frame(#"{"session":"ses_2","text":"a"}"#)
        #expect(driver.log["ses_2"] == ["a"])
        driver.commit()
        #expect(driver.reconnects == 1)
    }

    @Test func `the pause is a first one again only after a minute without a refusal`() {
        for (quiet, pause) in [(Int64(59_000), Duration.seconds(2)), (60_000, .seconds(1))] {
            var driver = refusing()
            driver.give(.refused(batch: driver.batches.removeFirst()))
            driver.start()
            driver.commit()
            driver.connect()
            driver.answer("/list", #"{"sessions":[]}"#)
            driver.now += quiet
            driver.frame(#"{"session":"ses_2","text":"a"}"#)
            driver.commit()
            driver.frame(#"{"session":"ses_2","text":"b"}"#)
            driver.give(.refused(batch: driver.batches.removeFirst()))
            #expect(driver.recalls == [.seconds(1), pause])
            #expect(driver.warnings.count == 2)
        }
    }

    @Test func `what the log knew before it took a batch is not believed after it`() {
        var driver = MachineDriver()
        driver.follow()
        driver.frame(#"{"session":"ses_1","text":"busy"}"#)
        driver.commit()
        driver.start([KnownSession(id: "ses_1", isBusy: true, isImported: true, updated: 1)], heard: 10)
        driver.frame(#"{"session":"ses_1","text":"on"}"#)
        driver.commit()
        driver.give(.streamEnded)
        driver.now += 100
        driver.connect()
        #expect(driver.log["opencode"] == ["outage without deltas"], "one, of now")
        #expect(driver.log["ses_1"] == ["status busy", "on", "outage without deltas"])
    }

    @Test func `a stop does not wait for a log that refuses`() {
        var driver = refusing()
        driver.now += 1_000
        driver.give(.heard)
        driver.give(.refused(batch: driver.batches.removeFirst()))
        driver.give(.stopping)
        #expect(driver.batches.isEmpty && driver.machine.isSettled)
    }
}
