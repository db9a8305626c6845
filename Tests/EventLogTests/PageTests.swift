import EventLog
import RelayProtocol
import TestSupport
import Testing

@Suite(.ownThread) struct PageTests {
    let test: TestLog
    init() throws { test = try TestLog() }

    func page(_ topic: String, after offset: UInt64, bytes: Int = .max, events: Int = .max) throws -> LinePage {
        let name = try name(topic)
        return try test.read { try $0.page(name, after: offset, maxBytes: bytes, maxEvents: events) }
    }

    /// Rows of several lines each, so that most offsets are inside of one.
    func fill() throws -> [String] {
        try test.append("before", ["1"])
        for commit in 0..<7 { try test.append("news", (1...5).map { "\(commit * 5 + $0)" }) }
        try test.append("zzz", ["1"])
        return try test.lines("news")
    }

    @Test func `begins behind any offset, inside a row or not`() throws {
        let lines = try fill()
        for offset in 0...36 {
            let page = try page("news", after: UInt64(offset))
            #expect(String(decoding: page.bytes, as: UTF8.self) == lines.dropFirst(offset).map { $0 + "\n" }.joined())
            #expect(page.offsets == Array(lines.indices.dropFirst(offset)).map { UInt64($0 + 1) })
            #expect(page.isLast && page.last.offset == 35)
            #expect(page.ends.last.map(Int.init) ?? 0 == page.bytes.count)
        }
    }

    @Test func `ends at so many events or bytes, but not before one, and says whether more follows`() throws {
        let lines = try fill()
        for events in 1...35 {
            let page = try page("news", after: 0, events: events)
            #expect(page.count == events && page.last.offset == UInt64(events) && page.isLast == (events == 35))
        }
        #expect(try page("news", after: 3, bytes: 1).count == 1)
        let three = lines[3...5].reduce(0) { $0 + $1.utf8.count + 1 }
        #expect(try page("news", after: 3, bytes: three).count == 3)
        #expect(try page("news", after: 3, bytes: three - 1).count == 2)
    }

    @Test func `walks a topic page by page without a hole or a double`() throws {
        let lines = try fill()
        for size in [1, 2, 4, 7, 34] {
            var walked: [String] = []
            var offset: UInt64 = 0
            var isLast = false
            while !isLast {
                let page = try page("news", after: offset, events: size)
                walked += String(decoding: page.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
                (offset, isLast) = (page.last.offset, page.isLast)
            }
            #expect(walked == lines)
        }
    }

    @Test func `gives nothing of a topic that does not exist, and the head where nothing follows`() throws {
        let page = try page("none", after: 5)
        #expect(page.count == 0 && page.isLast && page.last == .origin)
        let head = try test.append("news", ["1"]).last
        #expect(try self.page("news", after: 1).last == head)
    }

    @Test func `goes on behind what was removed`() throws {
        let test = try TestLog { $0.keptLobbyEvents = 5 }
        for number in 1...10 { try test.append("lobby", ["\(number)"]) }
        try test.append("tick", ["1"])
        let page = try test.read { try $0.page(.lobby, after: 2, maxBytes: .max, maxEvents: 2) }
        #expect(page.offsets == [6, 7])
    }

    @Test func `sees one state in one transaction`() throws {
        let topic = try name("news")
        try test.append("news", ["1"])
        let inside = Answer<Bool>()
        let gate = Gate()
        let counts = Answer<[Int]>()
        test.log.read { reader in
            try reader.transaction { snapshot in
                let before = try snapshot.page(topic, after: 0, maxBytes: .max, maxEvents: .max).count
                inside.give(true)
                gate.wait()
                return [before, try snapshot.page(topic, after: 0, maxBytes: .max, maxEvents: .max).count]
            }
        } _: {
            counts.give((try? $0.get()) ?? [])
        }
        _ = try inside.take()
        try test.append("news", ["2"])
        gate.open()
        #expect(try counts.take() == [1, 1])
        #expect(try test.lines("news").count == 2)
    }

    @Test func `lists topics that have events, by name`() throws {
        for topic in ["b", "a", "ses_1", "c"] { try test.append(topic, ["1"]) }
        try test.append("empty", [], record: [1])
        #expect(try test.read { try $0.topics(after: nil, limit: 2).map(\.name.text) } == ["a", "b"])
        #expect(try test.read { try $0.topics(after: "b", limit: 9).map(\.name.text) } == ["c", "ses_1"])
        #expect(try test.read { try $0.topics(after: nil, limit: 1)[0].state.head.offset } == 1)
        #expect(try test.read { try $0.newestTimestamp() } == 1_000_000)
    }
}
