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
    private func away(_ generation: ScriptedGeneration) throws -> (ScriptedRig, session: String) {
        var rig = try ScriptedRig(generation)
        rig.give(.known(KnownLog(sessions: [])))
        rig.connect()
        rig.answerAll()
        let session = try rig.newSession()
        rig.answerAll()
        rig.cut()
        rig.now += 5_000
        return (rig, session)
    }

    /// The same with a text that began within the outage and is heard since.
    private func hearingTheMiddle(_ generation: ScriptedGeneration) throws -> (ScriptedRig, session: String) {
        var (rig, session) = try away(generation)
        rig.prompt(session)
        rig.play { $0.heardWords >= 2 }
        rig.connect()
        rig.answerAll()
        let before = rig.heardWords
        rig.play { $0.heardWords > before + 1 }
        return (rig, session)
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a text that began within an outage is incomplete`(_ generation: ScriptedGeneration)
        throws
    {
        var (rig, session) = try hearingTheMiddle(generation)
        let part = try #require(rig.text(session))
        #expect(part.object["incomplete"]?.bool == true)
        #expect(!text(part).isEmpty && !text(part).hasPrefix("One two"))
        #expect(rig.outages(session) == ["outage without deltas", "healed without deltas"])
        #expect(rig.outages("opencode") == ["outage", "healed without deltas"])
        rig.play()
        let final = try #require(rig.text(session))
        #expect(final.object["incomplete"] == nil && final.object["open"] == nil)
        #expect(text(final).hasPrefix("One two") && text(final).hasSuffix("than that."))
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a final text that was said unheard replaces one that was heard from its middle`(
        _ generation: ScriptedGeneration
    ) throws {
        var (rig, session) = try hearingTheMiddle(generation)
        #expect(!text(rig.text(session)).isEmpty)
        rig.cut()
        rig.play()
        rig.connect()
        rig.answerAll()
        let final = try #require(rig.text(session))
        #expect(final.object["incomplete"] == nil && final.object["open"] == nil)
        #expect(text(final) == ScriptedRig.text)
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a session that began within an outage tells of it too`(
        _ generation: ScriptedGeneration
    ) throws {
        var (rig, _) = try away(generation)
        let session = try rig.newSession()
        rig.prompt(session)
        rig.play { $0.heardWords >= 2 }
        rig.connect()
        rig.answerAll()
        #expect(rig.text(session)?.object["incomplete"]?.bool == true)
        #expect(rig.outages(session) == ["outage without deltas", "healed without deltas"])
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a text that ran when Reprise first came is incomplete, without an outage`(
        _ generation: ScriptedGeneration
    ) throws {
        var rig = try ScriptedRig(generation)
        let session = try rig.newSession()
        rig.prompt(session)
        rig.play { $0.heardWords >= 2 }
        rig.give(.known(KnownLog(sessions: [])))
        rig.connect()
        rig.answerAll()
        #expect(rig.text(session)?.object["incomplete"]?.bool == true)
        #expect(rig.outages(session) == [])
    }

    @Test(arguments: ScriptedGeneration.allCases) func `a text that began before it was read, but within our hearing, is whole`(
        _ generation: ScriptedGeneration
    ) throws {
        var (rig, session) = try away(generation)
        rig.connect()
        // Frames wait for the reads that the reconnect began.
        rig.prompt(session)
        rig.play { $0.heardWords >= 3 }
        rig.answerAll()
        let before = rig.heardWords
        rig.play { $0.heardWords > before }
        let part = try #require(rig.text(session))
        #expect(part.object["open"]?.bool == true && part.object["incomplete"] == nil)
        #expect(text(part).hasPrefix("One two"))
    }
}
