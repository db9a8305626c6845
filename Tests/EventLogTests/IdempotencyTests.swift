import EventLog
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread) struct IdempotencyTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    @Test func `answers the same again, after a restart too`() throws {
        let first = try test.append("news", ["1", "2"], key: "k", body: "b")
        try test.append("news", ["3"])
        let again = try test.append("news", ["1", "2"], key: "k", body: "b")
        #expect(again == Appended(first: first.first, last: first.last, count: 2, isReplay: true))
        try test.reopen()
        #expect(try test.append("news", ["1", "2"], key: "k", body: "b") == again)
        #expect(try test.payloads("news") == ["1", "2", "3"])
    }

    @Test func `refuses the key with another body, and stores nothing of it`() throws {
        try test.append("news", ["1"], key: "k", body: "b")
        #expect(throws: LogError.idempotencyConflict) { try test.append("news", ["2"], key: "k", body: "c") }
        let mixed = [try Append("other", ["1"]), try Append("news", ["2"], key: "k", body: "c")]
        #expect(throws: LogError.idempotencyConflict) { try test.append(mixed) }
        #expect(try test.payloads("news") == ["1"])
        #expect(try test.lines("other").isEmpty)
    }

    @Test func `counts a key for its topic alone`() throws {
        try test.append("news", ["1"], key: "k", body: "b")
        #expect(try !test.append("other", ["1"], key: "k", body: "c").isReplay)
        #expect(try test.delete("news"))
        #expect(try !test.append("news", ["1"], key: "k", body: "d").isReplay)
    }

    @Test func `knows a key that came twice in one commit`() throws {
        let gate = try test.holdWriter()
        let answers = (0..<3).map { _ in Answer<Result<[Appended], LogError>>() }
        for (body, answer) in zip(["b", "b", "c"], answers) {
            test.log.append([try Append("news", ["1"], key: "k", body: body)]) { answer.give($0) }
        }
        gate.open()
        #expect(try answers[0].take().get()[0].isReplay == false)
        #expect(try answers[1].take().get()[0].isReplay == true)
        #expect(throws: LogError.idempotencyConflict) { try answers[2].take().get() }
        #expect(try test.payloads("news") == ["1"])
    }

    @Test func `keeps nothing of a key whose commit failed`() throws {
        #expect(throws: LogError.self) { try test.append("ses_1", [#""boom""#], key: "k", body: "b") }
        #expect(try !test.append("ses_1", [#"{"type":"notice"}"#], key: "k", body: "c").isReplay)
    }

    @Test func `forgets a key after a day`() throws {
        let day: Int64 = 24 * 3_600_000
        try test.append("news", ["1"], key: "k", body: "b")
        test.clock.set(test.clock.now + day)
        #expect(try test.append("news", ["1"], key: "k", body: "b").isReplay)
        test.clock.set(test.clock.now + 1)
        #expect(try !test.append("news", ["2"], key: "k", body: "c").isReplay)
        test.clock.set(test.clock.now + day + 1)
        try test.append("news", ["3"])
        // The sweep comes between commits; this commit is after it.
        try test.append("news", ["4"])
        #expect(try test.number("SELECT count(*) FROM idempotency") == 0)
    }
}
