import EventLog
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread) struct AppendTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    @Test func `gives offsets from one, and stores the very lines`() throws {
        let appended = try test.append("news", ["1", #"{"a":2}"#])
        #expect(appended.first.offset == 1 && appended.last.offset == 2 && appended.count == 2 && !appended.isReplay)
        #expect(appended.first.epoch.start == 1)
        #expect(
            try test.lines("news") == [
                #"{"at":"\#(appended.first)","ts":1000000,"event":1}"#, #"{"at":"\#(appended.last)","ts":1000000,"event":{"a":2}}"#,
            ])
        #expect(try test.append("news", ["3"]).first == Position(epoch: appended.first.epoch, offset: 3))
        #expect(try test.append("other", ["1"]).first.offset == 1)
    }

    @Test func `never lets a topic's time go back`() throws {
        try test.append("news", ["1"])
        test.clock.set(500)
        try test.append("news", ["2"])
        try test.append("other", ["1"])
        test.clock.set(2_000_000)
        try test.append("news", ["3"])
        func times(_ topic: String) throws -> [Int64] {
            try test.lines(topic).map { try EventLine.parse(Array($0.utf8), isPlain: true).timestamp }
        }
        #expect(try times("news") == [1_000_000, 1_000_000, 2_000_000])
        #expect(try times("other") == [500])
        test.clock.set(1)
        try test.reopen()
        try test.append("news", ["4"])
        #expect(try times("news").last == 2_000_000)
    }

    @Test func `commits all appends of a request or none`() throws {
        #expect(throws: LogError.self) { try test.append([try Append("ses_1", ["1"]), try Append("ses_2", [#""boom""#])]) }
        #expect(try test.lines("ses_1").isEmpty && test.lines("ses_2").isEmpty)
        #expect(try test.append([try Append("ses_1", ["1"]), try Append("ses_2", ["2"])]).map(\.first.offset) == [1, 1])
    }

    @Test func `keeps a record beside the events, and replaces it with them`() throws {
        let topic = try name("ses_1")
        try test.append("ses_1", [#"{"type":"notice"}"#], record: [1, 2])
        #expect(try test.read { try $0.record(topic) } == [1, 2])
        try test.append("ses_1", [#"{"type":"notice"}"#])
        #expect(try test.read { try $0.record(topic) } == [1, 2])
        let alone = try test.append("ses_1", [], record: [3])
        #expect(alone.count == 0 && alone.last.offset == 2)
        #expect(try test.read { try $0.record(topic) } == [3])
        #expect(throws: LogError.self) { try test.append("ses_1", [#""boom""#], record: [4]) }
        #expect(try test.read { try $0.record(topic) } == [3])
    }

    @Test func `ends a row at 128 KiB and gives a larger event one of its own`() throws {
        let small = "\"" + String(repeating: "s", count: 50_000) + "\""
        let large = "\"" + String(repeating: "l", count: 300_000) + "\""
        try test.append("news", [small, small, small, large, small])
        #expect(try test.number("SELECT count(*) FROM rows") == 4)
        #expect(try test.number("SELECT max(length(lines)) FROM rows WHERE last <> 4") <= 128 << 10)
        #expect(try test.payloads("news") == [small, small, small, large, small])
    }

    @Test func `goes on after a restart, under a new epoch, with its old positions valid`() throws {
        let before = try test.append("news", ["1", "2"])
        try test.reopen()
        #expect(try test.read { try $0.head(try name("news")) } == before.last)
        let after = try test.append("news", ["3"])
        #expect(after.first.offset == 3 && after.first.epoch.start == 2 && after.first > before.last)
        #expect(try test.append("news", ["4"]).first.epoch == after.first.epoch)
    }

    @Test func `does not use up a start's number without an event`() throws {
        try test.reopen()
        try test.reopen()
        #expect(try test.append("news", ["1"]).first.epoch.start == 1)
        try test.reopen()
        #expect(try test.append("news", ["1"]).first.epoch.start == 2)
    }

    @Test func `refuses publishers beyond what may wait`() throws {
        let test = try TestLog { $0.queuedBytes = 1000 }
        let gate = try test.holdWriter()
        let first = Answer<Result<[Appended], LogError>>()
        test.log.append([try Append("news", [String(repeating: "1", count: 900)])]) { first.give($0) }
        #expect(throws: LogError.overloaded) { try test.append("news", [String(repeating: "2", count: 900)]) }
        let own = Answer<Result<[Appended], LogError>>()
        test.log.append([try Append("ses_1", [#"{"type":"notice"}"#])]) { own.give($0) }
        #expect(test.log.queuedBytes > 900)
        gate.open()
        _ = try first.take().get()
        _ = try own.take().get()
        #expect(test.log.queuedBytes == 0)
        try test.append("news", ["3"])
    }

    @Test func `answers closed after the end, and writes what waited before it`() throws {
        let gate = try test.holdWriter()
        let waited = Answer<Result<[Appended], LogError>>()
        test.log.append([try Append("news", ["1"])]) { waited.give($0) }
        gate.open()
        test.close()
        #expect(try waited.take().get().count == 1)
        #expect(throws: LogError.closed) { try test.append("news", ["2"]) }
        #expect(throws: LogError.closed) { try test.lines("news") }
        #expect(throws: LogError.closed) { try test.delete("news") }
        #expect(throws: LogError.closed) { try test.perform { _ in } }
        try test.reopen()
        #expect(try test.payloads("news") == ["1"])
    }
}
