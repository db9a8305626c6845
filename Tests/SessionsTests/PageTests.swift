import EventLog
import RelayProtocol
import SQLite
import TestSupport
import Testing
import Wire

@testable import Sessions

@Suite struct PageTests {
    private func ids(_ page: JSONValue) -> [String] { page["messages"]?.items.compactMap { $0["id"]?.string } ?? [] }

    private func newest(_ log: TestLog) async throws -> [String] { ids(try await log.open("ses_1")) }

    @Test func `a page has the newest 25 messages and a cursor to older ones`() async throws {
        let log = try TestLog()
        try await log.append(
            [SampleEvents.session("ses_1")] + (1...60).map { SampleEvents.message("msg_\(100 + $0)", created: $0) }, to: "ses_1")
        let first = try await log.open("ses_1")
        #expect(ids(first) == (36...60).map { "msg_\(100 + $0)" })
        let cursor = first["before"]?.string
        let older = try JSON.parse(
            try #require(try await log.read { try SessionReads.messages("ses_1", before: cursor, limit: 100, in: $0) }))
        #expect(ids(older) == (1...35).map { "msg_\(100 + $0)" })
        #expect(older["before"] == nil)
        #expect(older["position"]?.string == first["position"]?.string)
    }

    @Test func `a page ends at 256 KiB, but never before one message`() async throws {
        let log = try TestLog()
        let text = String(repeating: "a", count: 100 * 1024)
        try await log.append([SampleEvents.session("ses_1")], to: "ses_1")
        for number in 1...4 {
            try await log.append(
                [SampleEvents.message("msg_\(number)", created: number), SampleEvents.text("prt_\(number)", of: "msg_\(number)", text)],
                to: "ses_1")
        }
        #expect(try await newest(log) == ["msg_3", "msg_4"])
        try await log.append(
            [SampleEvents.message("msg_5", created: 5)] + (1...4).map { SampleEvents.text("big_\($0)", of: "msg_5", text) }, to: "ses_1")
        #expect(try await newest(log) == ["msg_5"])
    }

    @Test func `a message over 768 KiB stands with its largest strings as blobs, which are found by their hash`() async throws {
        let log = try TestLog()
        let large = (1...2).map { "\\\"" + String(repeating: "\($0) ", count: 240 * 1024) }
        try await log.append(
            [
                SampleEvents.session("ses_1"), SampleEvents.message("msg_1", created: 1),
                SampleEvents.text("small", of: "msg_1", "as it is"),
            ], to: "ses_1")
        for (number, text) in large.enumerated() {
            try await log.append([SampleEvents.text("large\(number)", of: "msg_1", text)], to: "ses_1")
        }
        let body = try #require(try await log.read { try SessionReads.open("ses_1", in: $0) })
        #expect(body.count < Limits.longestPageBytes + 2048)
        let parts = try JSON.parse(body)["messages"]?.items.first?["parts"]?.items ?? []
        #expect(parts.first?["text"]?.string == "as it is")
        let hashes = parts.compactMap { $0["text"]?["$blob"]?.string }
        let hash = try #require(hashes.first)
        let found = try await log.read { try SessionReads.cutOut(hash, of: "ses_1", in: $0)?.bytes }
        let blob = try #require(found)
        #expect(large.contains(String(decoding: blob, as: UTF8.self)))
        #expect(hash == "sha256-" + Hex.encode(SHA256.hash(blob)))
        #expect(try await log.read { try SessionReads.cutOut("sha256-00", of: "ses_1", in: $0)?.bytes } == nil)
    }

    @Test func `a page carries the turns of its messages and the newest`() async throws {
        let log = try TestLog()
        var events = [SampleEvents.session("ses_1")]
        for number in 1...4 {
            events.append(SampleEvents.message("user_\(number)", created: number * 10, role: "user"))
            events.append(.turn(Turn(number: number, state: .done, prompts: ["user_\(number)"])))
            events.append(SampleEvents.message("msg_\(number)", created: number * 10 + 1, turn: number))
        }
        try await log.append(events, to: "ses_1")
        let body = try await log.read { try SessionReads.messages("ses_1", before: "21.msg_2", limit: 1, in: $0) }
        let page = try JSON.parse(try #require(body))
        #expect(ids(page) == ["user_2"])
        #expect(page["turns"]?.items.compactMap { $0["turn"]?.int } == [2, 4])
    }

    @Test func `open parts come with their text so far, at the topic's last position`() async throws {
        let log = try TestLog()
        try await log.append(
            [SampleEvents.session("ses_1"), SampleEvents.message("msg_1", created: 1), SampleEvents.text("prt_1", of: "msg_1", "a")],
            to: "ses_1")
        for word in ["b", "c", "\\\"d"] { try await log.append([SampleEvents.delta("prt_1", word)], to: "ses_1") }
        let page = try await log.open("ses_1")
        #expect(page["messages"]?.items.first?["parts"]?.items.first?["text"]?.string == "abc\"d")
        let name = try #require(TopicName("ses_1"))
        let head = try await log.read { try $0.head(name).description }
        #expect(page["position"]?.string == head)
    }

    @Test func `a long answer is folded into its row every 64 KiB`() async throws {
        let log = try TestLog()
        try await log.append(
            [SampleEvents.session("ses_1"), SampleEvents.message("msg_1", created: 1), SampleEvents.text("prt_1", of: "msg_1", "")],
            to: "ses_1")
        let word = String(repeating: "w", count: 1000)
        for _ in 0..<150 { try await log.append([SampleEvents.delta("prt_1", word)], to: "ses_1") }
        let row = try #require(try await log.read { try SessionRow.load(id: "ses_1", from: $0.database) })
        #expect(row.deltasThrough > 100 && row.deltasThrough < 153)
        let parts = try await log.open("ses_1")["messages"]?.items.first?["parts"]?.items
        #expect(parts?.first?["text"]?.string?.utf8.count == 150_000)
    }

    @Test func `row and tasks of a session are as they were last said`() async throws {
        let log = try TestLog()
        let tasks = #"[{"id":"1","content":"test it","status":"pending"}]"#
        try await log.append(
            [SampleEvents.session("ses_1", title: "one"), SampleEvents.session("ses_1", title: "two"), .tasks(Array(tasks.utf8))],
            to: "ses_1")
        let row = try #require(try await log.read { try SessionReads.row("ses_1", in: $0) })
        #expect(try JSON.parse(row)["title"]?.string == "two")
        let body = try #require(try await log.read { try SessionReads.tasks("ses_1", in: $0) })
        #expect(try JSON.parse(body)["tasks"].map { text($0.raw) } == tasks)
    }

    @Test func `an unknown session has no answers`() async throws {
        let log = try TestLog()
        #expect(try await log.read { try SessionReads.open("ses_none", in: $0) } == nil)
        #expect(try await log.read { try SessionReads.messages("ses_none", before: nil, in: $0) } == nil)
        #expect(try await log.read { try SessionReads.digest("ses_none", in: $0) } == nil)
        #expect(try await log.read { try SessionReads.open("not a topic", in: $0) } == nil)
    }

    @Test func `a cursor is read back as it was written, and nothing else is one`() {
        #expect(MessageCursor(MessageCursor(created: 17, id: "msg.1").text) == MessageCursor(created: 17, id: "msg.1"))
        for text in ["", ".", "17", "17.", "x.msg"] { #expect(MessageCursor(text) == nil) }
    }
}
