import RelayProtocol
import ScriptedOpenCode
import TestSupport
import Testing

@testable import Ingest

/// A text that began while OpenCode was not heard misses words until its final text comes, and its session tells of the outage, also if
/// nothing ran in it when the stream was lost.
@Suite(.ownThread) struct UnheardBeginningTests {
    private func text(_ part: FoldedPart?) -> String { String(decoding: part?.currentText ?? [], as: UTF8.self) }

    /// An idle session that is known, and then a stream that is lost.
    private func away(_ generation: ScriptedGeneration) throws -> (ScriptedMachineDriver, session: String) {
        var driver = try ScriptedMachineDriver(generation)
        driver.give(.known(KnownLog(sessions: [])))
        driver.connect()
        driver.answerAll()
        let session = try driver.newSession()
        driver.answerAll()
        driver.cut()
        driver.now += 5_000
        return (driver, session)
    }

    /// The same with a text that began within the outage and is heard since.
    private func hearingTheMiddle(_ generation: ScriptedGeneration) throws -> (ScriptedMachineDriver, session: String) {
        var (driver, session) = try away(generation)
        driver.prompt(session)
        driver.play { $0.heardWords >= 2 }
        driver.connect()
        driver.answerAll()
        let before = driver.heardWords
        driver.play { $0.heardWords > before + 1 }
        return (driver, session)
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a text that began within an outage is incomplete`(_ generation: ScriptedGeneration)
        throws
    {
        var (driver, session) = try hearingTheMiddle(generation)
        let part = try #require(driver.text(session))
        #expect(part.object["incomplete"]?.bool == true)
        #expect(!text(part).isEmpty && !text(part).hasPrefix("One two"))
        #expect(driver.outages(session) == ["outage without deltas", "healed without deltas"])
        #expect(driver.outages("opencode") == ["outage", "healed without deltas"])
        driver.play()
        let final = try #require(driver.text(session))
        #expect(final.object["incomplete"] == nil && final.object["open"] == nil)
        #expect(text(final).hasPrefix("One two") && text(final).hasSuffix("than that."))
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a final text that was said unheard replaces one that was heard from its middle`(
        _ generation: ScriptedGeneration
    ) throws {
        var (driver, session) = try hearingTheMiddle(generation)
        #expect(!text(driver.text(session)).isEmpty)
        driver.cut()
        driver.play()
        driver.connect()
        driver.answerAll()
        let final = try #require(driver.text(session))
        #expect(final.object["incomplete"] == nil && final.object["open"] == nil)
        #expect(text(final) == ScriptedMachineDriver.text)
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a session that began within an outage tells of it too`(
        _ generation: ScriptedGeneration
    ) throws {
        var (driver, _) = try away(generation)
        let session = try driver.newSession()
        driver.prompt(session)
        driver.play { $0.heardWords >= 2 }
        driver.connect()
        driver.answerAll()
        #expect(driver.text(session)?.object["incomplete"]?.bool == true)
        #expect(driver.outages(session) == ["outage without deltas", "healed without deltas"])
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a text that ran when Reprise first came is incomplete, without an outage`(
        _ generation: ScriptedGeneration
    ) throws {
        var driver = try ScriptedMachineDriver(generation)
        let session = try driver.newSession()
        driver.prompt(session)
        driver.play { $0.heardWords >= 2 }
        driver.give(.known(KnownLog(sessions: [])))
        driver.connect()
        driver.answerAll()
        #expect(driver.text(session)?.object["incomplete"]?.bool == true)
        #expect(driver.outages(session) == [])
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a text that began before it was read, but within our hearing, is whole`(
        _ generation: ScriptedGeneration
    ) throws {
        var (driver, session) = try away(generation)
        driver.connect()
        // Frames wait for the reads that the reconnect began.
        driver.prompt(session)
        driver.play { $0.heardWords >= 3 }
        driver.answerAll()
        let before = driver.heardWords
        driver.play { $0.heardWords > before }
        let part = try #require(driver.text(session))
        #expect(part.object["open"]?.bool == true && part.object["incomplete"] == nil)
        #expect(text(part).hasPrefix("One two"))
    }
}
