// Whatever goes wrong with OpenCode is told, healed, and doubles nothing.

import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct FaultTests {
    private static let generations = ["1", "2"]

    @Test(.timeLimit(.minutes(3)), arguments: generations, ["cut", "end", "tear"])
    func `tells that the stream was lost, and heals the answer that went on`(_ generation: String, _ fault: String) throws {
        let turn = try FaultedTurn(generation)
        try turn.begin("half a long answer")
        try turn.fixture.commit(#"{"fault":"\#(fault)"}"#)
        let healed = try turn.untilHealed()
        #expect(healed["lost"]?.items.compactMap(\.string).contains("deltas") == true)
        #expect(try turn.untilOver()["state"]?.string == "done")
        #expect(turn.outages == 1)
        #expect(try turn.texts() == turn.upstreamTexts())
        try turn.expectOrder()
    }

    @Test(.timeLimit(.minutes(3)), arguments: generations)
    func `loses nothing of a stream that stalls for a while`(_ generation: String) throws {
        let turn = try FaultedTurn(generation)
        try turn.begin("half a long answer")
        try turn.fixture.commit(#"{"fault":"stall"}"#)
        _ = try turn.upstreamTexts()
        try turn.fixture.commit(#"{"fault":"flow"}"#)
        #expect(try turn.untilOver()["state"]?.string == "done")
        #expect(turn.outages == 0)
        #expect(try turn.texts() == turn.upstreamTexts())
        try turn.expectOrder()
    }

    @Test(.timeLimit(.minutes(3)), arguments: generations)
    func `gives a stream up that stays silent, and heals`(_ generation: String) throws {
        let turn = try FaultedTurn(generation)
        try turn.begin("half a long answer")
        try turn.fixture.commit(#"{"fault":"stall"}"#)
        try turn.untilHealed(silences: 4)
        try turn.untilOver()
        #expect(try turn.texts() == turn.upstreamTexts())
        try turn.expectOrder()
    }

    @Test(.timeLimit(.minutes(3)), arguments: generations, ["kill", "terminate"])
    func `marks a turn that a restart cut short, keeps its text, and goes on`(_ generation: String, _ death: String) throws {
        let turn = try FaultedTurn(generation)
        try turn.begin("long answer")
        try turn.fixture.commit(#"{"fault":"restart","death":"\#(death)","milliseconds":100}"#)
        try turn.untilHealed()
        #expect(try turn.untilOver()["state"]?.string == "interrupted")
        let (kept, stored) = (try turn.texts(), try turn.upstreamTexts())
        #expect(kept.count == 1 && stored.count == 1)
        #expect(!kept[0].isEmpty && kept[0].hasPrefix(stored[0]))
        try turn.prompt("hello again")
        #expect(try turn.reader.until { $0.isEvent("turn") && $0["state"]?.string != "started" }["state"]?.string == "done")
        #expect(try turn.texts().dropFirst() == turn.upstreamTexts().dropFirst())
        try turn.expectOrder()
    }

    @Test(.timeLimit(.minutes(3)), arguments: ["kill", "terminate"])
    func `follows a turn that the service took up again by itself`(_ death: String) throws {
        let turn = try FaultedTurn("2", ["--service"])
        try turn.begin("long answer")
        try turn.fixture.commit(#"{"fault":"restart","death":"\#(death)","milliseconds":100}"#)
        try turn.untilHealed()
        #expect(try turn.untilDone()["resumed"]?.bool == true)
        #expect(try turn.texts().last == turn.upstreamTexts().last)
        try turn.expectOrder()
    }

    @Test(
        .timeLimit(.minutes(3)),
        arguments: [("1", "/global/health"), ("1", "/experimental/session"), ("2", "/api/info"), ("2", "/api/session")])
    func `comes back when OpenCode refused for a while`(_ generation: String, _ path: String) throws {
        let turn = try FaultedTurn(generation)
        try turn.begin("half a long answer")
        try turn.fixture.commit(#"{"fault":"refuse","path":"\#(path)","status":500,"times":2}"#)
        try turn.fixture.commit(#"{"fault":"cut"}"#)
        try turn.untilHealed()
        #expect(try turn.untilOver()["state"]?.string == "done")
        #expect(try turn.texts() == turn.upstreamTexts())
        try turn.expectOrder()
    }

    @Test(.timeLimit(.minutes(3)), arguments: generations)
    func `waits for answers that come late`(_ generation: String) throws {
        let turn = try FaultedTurn(generation)
        try turn.begin("half a long answer")
        try turn.fixture.commit(#"{"fault":"slow","path":"/","milliseconds":250,"times":12}"#)
        try turn.fixture.commit(#"{"fault":"cut"}"#)
        try turn.untilHealed()
        #expect(try turn.untilOver()["state"]?.string == "done")
        #expect(try turn.texts() == turn.upstreamTexts())
        try turn.expectOrder()
    }

    @Test(.timeLimit(.minutes(3)), arguments: [("1", "/permission/"), ("2", "/api/session/SESSION/permission/")])
    func `tells of a reply whose answer was lost that it was done, and by whom`(_ generation: String, _ path: String) throws {
        let turn = try FaultedTurn(generation)
        try turn.prompt("tools, please")
        let card = try #require(try turn.reader.until { $0.isEvent("permission") }["permission"]?["id"]?.string)
        try turn.fixture.commit(#"{"fault":"lose","path":"\#(path.replacing("SESSION", with: turn.session))"}"#)
        let target = "/v1/sessions/\(turn.session)"
        try turn.fixture.relay.post("\(target)/permissions/\(card)", #"{"id":"r1","reply":"once"}"#)
        try turn.reader.until { $0.isEvent("permission.closed", "reply", "once") }
        #expect(turn.reader.lines.last?.contains(#""by":"owner""#) == true)
        #expect(try turn.fixture.relay.get("\(target)/commands/r1")["state"]?.string == "done")
    }

    @Test(.timeLimit(.minutes(3)), arguments: generations)
    func `passes on a storm of what it does not know, whole`(_ generation: String) throws {
        let turn = try FaultedTurn(generation)
        try turn.begin("half a long answer")
        try turn.fixture.commit(#"{"fault":"storm","count":3000,"session":"\#(turn.session)"}"#)
        #expect(try turn.untilOver()["state"]?.string == "done")
        #expect(turn.outages == 0)
        #expect(turn.reader.events.count { $0.isEvent("upstream") } == 3000)
        #expect(try turn.texts() == turn.upstreamTexts())
        try turn.expectOrder()
    }

    @Test(.timeLimit(.minutes(3)), arguments: generations)
    func `skips a frame over the limit, says so, and goes on`(_ generation: String) throws {
        let turn = try FaultedTurn(generation)
        let server = try TopicReader(turn.fixture.relay, "/v1/topics/opencode")
        try turn.begin("half a long answer")
        try turn.fixture.commit(#"{"fault":"oversize","bytes":17825792,"session":"\#(turn.session)"}"#)
        try server.until { $0.isEvent("notice", "kind", "oversize") }
        #expect(try turn.untilOver()["state"]?.string == "done")
        #expect(try turn.texts() == turn.upstreamTexts())
        try turn.expectOrder()
    }
}
