import EventLog
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread) struct RemovalTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    /// Commits until what waits for the time between commits is done.
    func letTidy(_ test: TestLog, while sql: String, isNot wanted: Int64 = 0) throws {
        for _ in 0..<10_000 where try test.number(sql) != wanted { try test.append("tick", ["1"]) }
        #expect(try test.number(sql) == wanted)
    }

    @Test func `frees the name at once and removes everything in slices`() throws {
        let old = try test.append("news", ["1"], record: [1], key: "k", body: "b")
        let blob = Blob(topic: try name("news"), hash: "sha256-a", mime: nil, bytes: [UInt8](repeating: 1, count: 9_000_000))
        try test.append("news", ["2"], blobs: [blob])
        for _ in 0..<30 { try test.append("news", [String](repeating: "3", count: 5000)) }
        let number = try test.number("SELECT number FROM topics WHERE name = 'news'")
        #expect(try test.delete("news"))
        #expect(try !test.delete("news"))
        #expect(try test.lines("news").isEmpty)
        let again = try test.append("news", [#""new""#])
        #expect(again.first.offset == 1 && again.first.epoch != old.first.epoch)
        #expect(try test.number("SELECT number FROM topics WHERE name = 'news'") > number)
        try letTidy(test, while: "SELECT count(*) FROM doomed")
        for table in ["epochs", "records", "idempotency", "blobs"] {
            #expect(try test.number("SELECT count(*) FROM \(table) WHERE topic = \(number)") == 0, "\(table)")
        }
        #expect(try test.number("SELECT count(*) FROM rows WHERE key >= \(number) << 40 AND key < (\(number) + 1) << 40") == 0)
        #expect(try test.number("SELECT count(*) FROM blob_pieces") == 0)
        #expect(try test.payloads("news") == [#""new""#])
    }

    @Test func `goes on with a removal after a restart, and never uses a number twice`() throws {
        try test.append("news", ["1"])
        let number = try test.number("SELECT max(number) FROM topics")
        let gate = try test.holdWriter()
        let deleted = Answer<Bool>()
        test.log.delete(try name("news")) { deleted.give((try? $0.get()) ?? false) }
        gate.open()
        #expect(try deleted.take())
        try test.reopen()
        try test.append("news", ["1"])
        #expect(try test.number("SELECT max(number) FROM topics") > number)
        try letTidy(test, while: "SELECT count(*) FROM doomed")
    }

    @Test func `tells who watches, and tells them of the topic that is made again`() throws {
        let sink = SpySink()
        try test.append("news", ["1"])
        test.log.watch(try name("news"), sink)
        #expect(try test.delete("news"))
        try test.append("news", ["1"])
        #expect(sink.told == ["watching news 1", "removed news", "committed news 0...1"])
    }

    @Test func `takes appends between the slices of a large removal`() throws {
        let news = try name("news")
        // What a work appends can be read at once, so each of these has a row: 3,000 rows are three slices.
        try test.perform { context in
            for _ in 0..<3000 { _ = try context.append(Append(topic: news, events: [Event(.plain, payload: [0x31])])) }
        }
        #expect(try test.number("SELECT count(*) FROM rows") == 3000)
        let left = Answer<Int64>()
        let second = try test.holdWriter()
        test.log.delete(try name("news")) { _ in }
        // Asked before the removal began: it is answered after one slice at most, not after all three.
        test.log.append([try Append("other", ["1"])]) { _ in }
        test.log.perform { context in
            let row = try context.database.oneOff("SELECT count(*) FROM rows")
            _ = try row.step()
            return row.int(0)
        } _: {
            left.give((try? $0.get()) ?? -1)
        }
        second.open()
        #expect(try left.take() >= 2001)
        try letTidy(test, while: "SELECT count(*) FROM doomed")
    }

    @Test func `keeps the newest events of lobby and opencode, and all of plain topics`() throws {
        let test = try TestLog {
            $0.keptLobbyEvents = 100
            $0.keptServerEvents = 10
        }
        for number in 1...300 {
            try test.append([try Append("lobby", ["\(number)"]), try Append("opencode", ["\(number)"]), try Append("news", ["\(number)"])])
        }
        try test.append("tick", ["1"])
        let kept = try (test.lines("lobby").count, test.lines("opencode").count, test.lines("news").count)
        #expect((100...110).contains(kept.0) && (10...11).contains(kept.1) && kept.2 == 300)
        #expect(try test.payloads("lobby").last == "300")
        let state = try #require(try test.read { try $0.topic(.lobby) })
        #expect(Int(state.removedThrough) == 300 - kept.0 && state.head.offset == 300)
        try test.reopen()
        #expect(try test.append("lobby", ["301"]).first.offset == 301)
    }

    @Test func `keeps a blob as long as an event that needs it, and no longer`() throws {
        let test = try TestLog { $0.keptServerEvents = 10 }
        func blob(_ hash: String) -> Blob { Blob(topic: .opencode, hash: hash, mime: nil, bytes: [UInt8](repeating: 1, count: 700_000)) }
        func hashes() throws -> [String] {
            try ["sha256-a", "sha256-b", "sha256-c"].filter { hash in try test.read { try $0.blob(.opencode, hash) } != nil }
        }
        try test.append("opencode", ["1"], blobs: [blob("sha256-a"), blob("sha256-b"), blob("sha256-c")])
        for number in 2...8 { try test.append("opencode", ["\(number)"]) }
        // Met again, once as one that the topic has, once beside a request that is stored in the same commit.
        try test.append("opencode", ["9"], blobs: [blob("sha256-b")])
        let gate = try test.holdWriter()
        let answers = (0..<2).map { _ in Answer<Bool>() }
        for answer in answers {
            test.log.append([try Append("opencode", ["10"])], blobs: [blob("sha256-c"), blob("sha256-d")]) { _ in answer.give(true) }
        }
        gate.open()
        for answer in answers { _ = try answer.take() }
        for number in 12...16 { try test.append("opencode", ["\(number)"]) }
        try letTidy(test, while: "SELECT count(*) FROM blobs", isNot: 3)
        #expect(try hashes() == ["sha256-b", "sha256-c"])
        for number in 17...40 { try test.append("opencode", ["\(number)"]) }
        try letTidy(test, while: "SELECT count(*) FROM blobs")
        #expect(try test.number("SELECT count(*) FROM blob_pieces") == 0)
    }

    @Test func `removes a topic with the work that removes what else is known of it`() throws {
        struct Stop: Error {}
        let topic = try name("ses_1")
        try test.append("ses_1", [#"{"type":"notice"}"#])
        #expect(throws: Stop.self) {
            try test.perform { context in
                #expect(try context.remove(topic))
                #expect(try LogSnapshot(database: context.database).topic(topic) == nil)
                throw Stop()
            }
        }
        #expect(try test.lines("ses_1").count == 1)
        let last = try test.perform { context in
            #expect(try context.remove(topic))
            #expect(try !context.remove(topic))
            return try context.append(Append(topic: topic, events: [Event(.notice, payload: Array(#"{"type":"notice"}"#.utf8))])).last
        }
        #expect(last.offset == 1)
        #expect(try test.read { try $0.head(topic) } == last)
        #expect(try test.append("ses_1", [#"{"type":"notice"}"#]).first == Position(epoch: last.epoch, offset: 2))
    }
}
