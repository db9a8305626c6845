import EventLog
import LogFixtures
import RelayProtocol
import SQLite
import TestSupport
import Testing

@Suite(.ownThread) struct GroupCommitTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    /// Asks for appends while the writer is held; gives what became of each.
    func together(_ appends: [Append], _ test: TestLog) throws -> [Result<[Appended], LogError>] {
        let gate = try test.holdWriter()
        let answers = appends.map { _ in Answer<Result<[Appended], LogError>>() }
        for (append, answer) in zip(appends, answers) { test.log.append([append]) { answer.give($0) } }
        gate.open()
        return try answers.map { try $0.take() }
    }

    @Test func `commits once for all that waited, in order, a row for each topic`() throws {
        let before = test.log.statistics.commits.value
        let appends = try (1...60).map { try Append($0 % 2 == 0 ? "even" : "odd", ["\($0)"]) }
        let offsets = try together(appends, test).map { try $0.get()[0].last.offset }
        // One for the work that held the writer.
        #expect(test.log.statistics.commits.value - before == 2)
        let wanted: [UInt64] = (1...30).flatMap { [UInt64($0), UInt64($0)] }
        #expect(offsets == wanted)
        #expect(try test.payloads("even") == (1...30).map { "\($0 * 2)" })
        #expect(try test.number("SELECT count(*) FROM rows") == 2)
    }

    @Test func `tells the projection of one topic's events at once`() throws {
        _ = try together(try (1...3).map { try Append("ses_1", ["\($0)"]) }, test)
        let batch = try #require(test.script.batches.first)
        #expect(test.script.batches.count == 1)
        #expect(batch.firstOffset == 1 && batch.events.count == 3 && batch.topic.text == "ses_1" && batch.timestamp == 1_000_000)
    }

    @Test(arguments: [0, 3, 6]) func `one that cannot be projected takes no other with it`(bad: Int) throws {
        let appends = try (0..<7).map { try Append("ses_\($0)", [$0 == bad ? #""boom""# : "\($0)"]) }
        let results = try together(appends, test)
        for (number, result) in results.enumerated() {
            if number == bad {
                #expect(throws: LogError.self) { try result.get() }
                #expect(try test.lines("ses_\(number)").isEmpty)
            } else {
                #expect(try result.get()[0].last.offset == 1)
                #expect(try test.payloads("ses_\(number)") == ["\(number)"])
            }
        }
        #expect(try test.append("ses_\(bad)", ["1"]).first.offset == 1)
    }

    @Test func `a work that throws is undone alone`() throws {
        struct Stop: Error {}
        let topic = try name("news")
        let gate = try test.holdWriter()
        let first = Answer<Result<[Appended], LogError>>()
        let last = Answer<Result<[Appended], LogError>>()
        let stopped = Answer<Result<Bool, any Error>>()
        test.log.append([try Append("news", ["1"])]) { first.give($0) }
        test.log.perform { context -> Bool in
            let appended = try context.append(Append(topic: topic, events: [Event(.plain, payload: Array("2".utf8))]))
            #expect(appended.first.offset == 2)
            #expect(try LogSnapshot(database: context.database).head(topic).offset == 2)
            throw Stop()
        } _: {
            stopped.give($0)
        }
        test.log.append([try Append("news", ["3"])]) { last.give($0) }
        gate.open()
        #expect(try first.take().get()[0].last.offset == 1)
        #expect(throws: Stop.self) { try stopped.take().get() }
        #expect(try last.take().get()[0].last.offset == 2)
        #expect(try test.payloads("news") == ["1", "3"])
    }

    @Test func `a work sees all that was asked before it, and its rows stay`() throws {
        let topic = try name("ses_1")
        let gate = try test.holdWriter()
        let seen = Answer<Result<[String], any Error>>()
        test.log.append([try Append("ses_1", ["1"])]) { _ in }
        test.log.perform { context in
            _ = try context.append(Append(topic: topic, events: [Event(.notice, payload: Array("2".utf8))]))
            return try SpyProjection.rows(context.database)
        } _: {
            seen.give($0)
        }
        gate.open()
        #expect(try seen.take().get() == ["ses_1 1 1", "ses_1 2 2"])
        #expect(try test.read { try SpyProjection.rows($0.database) } == ["ses_1 1 1", "ses_1 2 2"])
    }

    @Test func `bounds the bytes of one commit`() throws {
        let large = "\"" + String(repeating: "x", count: 900_000) + "\""
        let before = test.log.statistics.commits.value
        let results = try together(try (1...20).map { _ in try Append("news", [large]) }, test)
        #expect(try results.map { try $0.get()[0].last.offset } == Array(1...20))
        #expect((4...6).contains(test.log.statistics.commits.value - before - 1))
    }
}
