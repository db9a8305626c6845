// The table of positions, cell by cell.

import EventLog
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread, .serialized) struct ResumeTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    @Test(arguments: ["news", "ses_1", "lobby"]) func `nothing, earliest and every position that was given are exact`(topic: String) throws
    {
        let appended = try test.append(topic, ["1", "2"])
        #expect(try test.resume(topic, .none) == .exact(after: appended.last))
        #expect(try test.resume(topic, .earliest) == .exact(after: .origin))
        #expect(try test.resume(topic, .at(.origin)) == .exact(after: .origin))
        #expect(try test.resume(topic, .at(appended.first)) == .exact(after: appended.first))
        #expect(try test.resume(topic, .at(appended.last)) == .exact(after: appended.last))
    }

    @Test func `a topic that does not exist stands at the origin`() throws {
        #expect(try test.resume("none", .none) == .exact(after: .origin))
        #expect(try test.resume("none", .earliest) == .exact(after: .origin))
        #expect(try test.resume("none", .at(.origin)) == .exact(after: .origin))
        let foreign = Position(epoch: Epoch(start: 1, random: 5), offset: 1)
        #expect(try test.resume("none", .at(foreign)) == .invalid(reason: .epoch, before: .origin))
        #expect(try test.number("SELECT count(*) FROM topics") == 0)
    }

    @Test func `positions of older starts stay exact`() throws {
        let first = try test.append("news", ["1", "2"])
        try test.reopen()
        let second = try test.append("news", ["3"])
        for position in [first.first, first.last, second.first] {
            #expect(try test.resume("news", .at(position)) == .exact(after: position))
        }
    }

    @Test func `an offset above its epoch's last is past the end, of an older epoch too`() throws {
        let first = try test.append("news", ["1", "2"])
        try test.reopen()
        let second = try test.append("news", ["3"])
        for position in [Position(epoch: first.last.epoch, offset: 3), Position(epoch: second.last.epoch, offset: 4)] {
            #expect(try test.resume("news", .at(position)) == .invalid(reason: .pastEnd, before: .origin))
        }
        let neverGiven = Position(epoch: second.last.epoch, offset: 2)
        #expect(try test.resume("news", .at(neverGiven)) == .invalid(reason: .pastEnd, before: .origin))
    }

    @Test func `another topic's epoch and another database's are foreign`() throws {
        let news = try test.append("news", ["1"])
        let other = try test.append("other", ["1"])
        #expect(try test.resume("news", .at(other.last)) == .invalid(reason: .epoch, before: .origin))
        let elsewhere = try TestLog()
        #expect(try elsewhere.append("news", ["1"]).last != news.last)
        #expect(try elsewhere.resume("news", .at(news.last)) == .invalid(reason: .epoch, before: .origin))
    }

    @Test(arguments: [
        "", "x", "-1", "0001-00000-00000000010", "0001_00000_0000000001", "0001-0000Z-0000000001", "earlies", "0001-00000--000000001",
    ])
    func `what is no position is malformed`(text: String) throws {
        try test.append("news", ["1"])
        #expect(try test.resume("news", .at(text)) == .invalid(reason: .malformed, before: .origin))
        #expect(try test.resume("none", .at(text)) == .invalid(reason: .malformed, before: .origin))
    }

    @Test func `after a removal the positions before it are told so, those at its edge are exact`() throws {
        let test = try TestLog { $0.keptLobbyEvents = 5 }
        var given: [Position] = []
        for number in 1...10 { given.append(try test.append("lobby", ["\(number)"]).last) }
        // The trimming comes between commits; this commit is after it.
        try test.append("news", ["1"])
        let state = try #require(try test.read { try $0.topic(.lobby) })
        #expect(state.removedThrough == 5 && state.head == given[9])
        #expect(try test.resume("lobby", .earliest) == .exact(after: given[4]))
        #expect(try test.resume("lobby", .at(.origin)) == .removed(before: given[4]))
        #expect(try test.resume("lobby", .at(given[3])) == .removed(before: given[4]))
        #expect(try test.resume("lobby", .at(given[4])) == .exact(after: given[4]))
        #expect(try test.resume("lobby", .at(given[5])) == .exact(after: given[5]))
        #expect(try test.resume("lobby", .at("nonsense")) == .invalid(reason: .malformed, before: given[4]))
        #expect(try test.read { try $0.first(state) } == given[5])
        #expect(try test.lines("lobby").count == 5)
    }

    @Test func `a topic that was made again knows none of its old positions`() throws {
        let old = try test.append("news", ["1", "2"])
        #expect(try test.delete("news"))
        #expect(try test.resume("news", .at(old.last)) == .invalid(reason: .epoch, before: .origin))
        let new = try test.append("news", ["1", "2", "3"])
        #expect(new.first.offset == 1 && new.first.epoch != old.first.epoch)
        #expect(try test.resume("news", .at(old.last)) == .invalid(reason: .epoch, before: .origin))
        #expect(try test.resume("news", .at(.origin)) == .exact(after: .origin))
        #expect(try test.payloads("news") == ["1", "2", "3"])
    }

    @Test func `a restored backup knows the positions before it, and none of those after`() throws {
        let before = try test.append("news", ["1"])
        let backup = try test.folder.copy()
        let after = try test.append("news", ["2"])
        try test.reopen()
        let later = try test.append("news", ["3"])
        let restored = try TestLog(folder: backup)
        #expect(try restored.resume("news", .at(before.last)) == .exact(after: before.last))
        #expect(try restored.resume("news", .at(after.last)) == .invalid(reason: .pastEnd, before: .origin))
        let new = try restored.append("news", ["another 2"].map { "\"\($0)\"" })
        #expect(try restored.resume("news", .at(after.last)) == .invalid(reason: .pastEnd, before: .origin))
        #expect(try restored.resume("news", .at(later.last)) == .invalid(reason: .epoch, before: .origin))
        #expect(new.last.offset == 2)
    }
}
