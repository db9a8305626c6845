import EventLog
import Reactor
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread) struct WatcherTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    @Test func `tells of every commit from the head on, with the very lines`() throws {
        try test.append("news", ["1"])
        let sink = SpySink()
        test.log.watch(try name("news"), sink)
        let appended = try test.append("news", ["2", "3"])
        try test.append("other", ["1"])
        try test.append("news", ["4"])
        #expect(sink.told == ["watching news 1", "committed news 1...3", "committed news 3...4"])
        let lines = try #require(sink.lines.first)
        #expect(lines.bytes == Array(try test.lines("news")[1...2].map { $0 + "\n" }.joined().utf8))
        #expect(lines.ends.count == 2 && lines.ends.last.map(Int.init) == lines.bytes.count && lines.offsets == [2, 3])
        #expect(lines.epoch == appended.first.epoch && lines.last == appended.last)
        test.log.unwatch(try name("news"), sink)
        try test.append("news", ["5"])
        #expect(sink.told.count == 3)
    }

    @Test func `watches what does not exist from the origin`() throws {
        let sink = SpySink()
        test.log.watch(try name("news"), sink)
        try test.append("news", ["1"])
        #expect(sink.told == ["watching news 0", "committed news 0...1"])
    }

    /// Looks, when it is told, whether a reader finds the lines in the database.
    final class Suspicious: CommitSink {
        let found = BlockingQueue<Bool>()
        let log: EventLog
        init(_ log: EventLog) { self.log = log }
        func post(_ notice: CommitNotice) -> Bool {
            guard case .committed(let lines) = notice else { return true }
            let stored = Answer<Bool>()
            log.read {
                try $0.transaction { try $0.head(lines.topic) == lines.last }
            } _: {
                stored.give((try? $0.get()) ?? false)
            }
            found.post(always: (try? stored.take()) ?? false)
            return true
        }
    }

    @Test func `tells after the commit, and answers after it has told`() throws {
        let suspicious = Suspicious(test.log)
        let topic = try name("news")
        test.log.watch(topic, suspicious)
        let toldBefore = Answer<Int>()
        test.log.append([try Append("news", ["1"])]) { _ in toldBefore.give(suspicious.found.count) }
        #expect(try toldBefore.take() == 1)
        #expect(suspicious.found.take() == true)
        test.log.unwatch(topic, suspicious)
    }

    @Test func `tells nothing of what was not committed`() throws {
        let sink = SpySink()
        test.log.watch(try name("ses_1"), sink)
        #expect(throws: LogError.self) { try test.append("ses_1", ["1", #""boom""#]) }
        #expect(sink.told == ["watching ses_1 0"])
        try test.append("ses_1", ["1"])
        #expect(sink.told == ["watching ses_1 0", "committed ses_1 0...1"])
    }

    @Test func `owes a full mailbox one note with the head of then, and nothing follows a hole`() throws {
        let sink = SpySink()
        test.log.watch(try name("news"), sink)
        try test.append("news", ["1"])
        sink.setRoom(0)
        for number in 2...9 { try test.append("news", ["\(number)"]) }
        #expect(sink.told.count == 2)
        sink.setRoom(1)
        #expect(try sink.wait(for: 3).last == "behind news 9")
        try test.append("news", ["10"])
        sink.setRoom(10)
        #expect(try sink.wait(for: 1).last == "behind news 10")
        try test.append("news", ["11"])
        #expect(sink.told.last == "committed news 10...11")
    }

    @Test func `owes the first note and a removal too`() throws {
        let sink = SpySink()
        sink.setRoom(0)
        test.log.watch(try name("news"), sink)
        try test.append("news", ["1"])
        try test.append("news", ["2"])
        sink.setRoom(10)
        #expect(try sink.wait(for: 1) == ["watching news 2"])
        sink.setRoom(0)
        try test.append("news", ["3"])
        #expect(try test.delete("news"))
        try test.append("news", ["1"])
        sink.setRoom(10)
        #expect(try sink.wait(for: 2) == ["watching news 2", "removed news", "behind news 1"])
    }

    @Test func `never waits for a sink that is full`() throws {
        let full = SpySink()
        let other = SpySink()
        full.setRoom(0)
        test.log.watch(try name("news"), full)
        test.log.watch(try name("news"), other)
        for number in 1...100 { try test.append("news", ["\(number)"]) }
        #expect(other.told.count == 101 && full.told.isEmpty)
    }
}
