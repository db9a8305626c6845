import EventLog
import LogFixtures
import RelayProtocol
import SQLite
import TestSupport
import Testing

@Suite(.ownThread) struct ProjectionTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    @Test func `appends what follows from events in their transaction, and what follows from that, and no more`() throws {
        let lobby = TopicName.lobby
        test.script.derive { batch in
            // Said of derived events too, which must not go round for ever: each tenfold in the lobby.
            [Append(topic: lobby, events: batch.events.map { Event(.entry, payload: $0.payload + Array("0".utf8)) })]
        }
        let before = test.log.statistics.commits.value
        try test.append([try Append("ses_1", ["1"]), try Append("ses_2", ["2", "3"])])
        #expect(test.log.statistics.commits.value == before + 1)
        #expect(try test.lines("lobby").count == 6)
        #expect(
            try test.read { try SpyProjection.rows($0.database) } == [
                "lobby 1 10", "lobby 2 20", "lobby 3 30", "lobby 4 100", "lobby 5 200", "lobby 6 300", "ses_1 1 1", "ses_2 1 2",
                "ses_2 2 3",
            ])
    }

    @Test func `puts derived events behind a topic's own`() throws {
        let root = try name("ses_root")
        test.script.derive { batch in
            batch.topic.text == "ses_child" ? [Append(topic: root, events: [Event(.permission, payload: Array(#""card""#.utf8))])] : []
        }
        try test.append([try Append("ses_child", ["1"]), try Append("ses_root", ["2"])])
        #expect(try test.payloads("ses_root") == ["2", #""card""#])
        #expect(test.script.batches.map(\.firstOffset) == [1, 1, 2])
    }

    @Test func `is told when its transaction failed, and what it wrote is gone`() throws {
        #expect(throws: LogError.self) { try test.append("ses_1", ["1", #""boom""#]) }
        #expect(test.script.rollBacks == 1)
        #expect(try test.read { try SpyProjection.rows($0.database) }.isEmpty)
        #expect(try test.number("SELECT count(*) FROM topics") == 0)
        try test.append("ses_1", ["1"])
        #expect(try test.read { try SpyProjection.rows($0.database) } == ["ses_1 1 1"])
    }

    @Test func `is not asked about plain topics`() throws {
        try test.append("news", [#""boom""#])
        #expect(test.script.batches.isEmpty)
    }

    @Test func `is made anew from the log alone`() throws {
        let lobby = TopicName.lobby
        test.script.derive { _ in [Append(topic: lobby, events: [Event(.entry, payload: Array(#"{"type":"entry"}"#.utf8))])] }
        for number in 1...5 { try test.append("ses_1", [#"{"type":"notice","n":\#(number)}"#, #"{"type":"notice"}"#]) }
        try test.append("ses_2", [#"{"type":"notice"}"#])
        try test.reopen()
        try test.append("ses_1", [#"{"type":"notice","n":6}"#])
        let rows = try test.read { try SpyProjection.rows($0.database) }.filter { !$0.hasPrefix("lobby") }
        let lines = try test.lines("lobby")
        let batches = test.script.batches.filter { $0.topic.text == "ses_1" }.map {
            [$0.firstOffset, UInt64($0.events.count), UInt64($0.epoch.start)]
        }
        test.close()
        let script = SpyProjection.Script()
        #expect(try EventLog.rebuild(folder: test.folder.path, projection: SpyProjection(script)) == 2)
        try test.reopen()
        #expect(try test.read { try SpyProjection.rows($0.database) } == rows)
        #expect(try test.lines("lobby") == lines)
        // Neighbouring commits of one time may come as one batch; the epochs never mix.
        #expect(batches.count == 6)
        #expect(
            script.batches.filter { $0.topic.text == "ses_1" }.map { [$0.firstOffset, UInt64($0.events.count), UInt64($0.epoch.start)] }
                == [[1, 10, 1], [11, 1, 2]])
    }

    @Test func `cannot be opened half rebuilt`() throws {
        try test.append("ses_1", [#"{"type":"notice"}"#])
        test.close()
        do {
            let database = try Connection(path: test.folder.database, mode: .readWrite)
            try database.execute("UPDATE meta SET value = 1 WHERE name = 'rebuilding'")
        }
        #expect(throws: LogError.rebuildUnfinished) { try test.reopen() }
        #expect(try EventLog.rebuild(folder: test.folder.path, projection: SpyProjection()) == 1)
        try test.reopen()
    }
}
