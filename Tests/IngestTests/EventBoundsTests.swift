import RelayProtocol
import TestSupport
import Testing
import Wire

@testable import Ingest

@Suite(.ownThread) struct EventBoundsTests {
    private let topic = TopicName("ses_1")!

    private func tool(_ output: String) -> Event {
        .part(
            "p1",
            JSONWriter.object { writer in
                writer.member("id", "p1")
                writer.member("type", "tool")
                writer.member("output", output)
            })
    }

    @Test func `ordinary events pass as they are`() {
        let event = tool("short")
        let bounded = EventBounds.bounded(event, in: topic)
        #expect(bounded.events == [event])
        #expect(bounded.blobs.isEmpty)
    }

    @Test func `a large string becomes a blob with its text`() throws {
        let output = String(repeating: "line\n", count: 20_000)
        let bounded = EventBounds.bounded(tool(output), in: topic)
        let event = try #require(bounded.events.first)
        let blob = try #require(bounded.blobs.first)
        #expect(blob.bytes == Array(output.utf8))
        #expect(try JSON.parse(event.payload)["part"]?["output"]?["$blob"]?.string == blob.hash)
        #expect(try JSON.parse(event.payload)["part"]?["output"]?["bytes"]?.int == 100_000)
        #expect(blob.hash == "sha256-" + Hex.encode(SHA256.hash(blob.bytes)))
    }

    /// What is not large stands as it came; a blob has no way to hold half of a character.
    @Test func `a lone surrogate is U+FFFD in a blob, and nothing else is lost`() throws {
        let rest = String(repeating: "x", count: Limits.stringBytes)
        let payload = #"{"id":"p1","type":"tool","title":"\ud83d","output":"\ud83d\#(rest)\ude00\ud83d\ude00"}"#
        let bounded = EventBounds.bounded(.part("p1", Array(payload.utf8)), in: topic)
        let blob = try #require(bounded.blobs.first)
        #expect(String(decoding: blob.bytes, as: UTF8.self) == "\u{FFFD}\(rest)\u{FFFD}\u{1F600}")
        let part = try JSON.parse(try #require(bounded.events.first).payload)["part"]
        #expect(part?["output"]?["$blob"]?.string == blob.hash && part?["output"]?["bytes"]?.int == blob.bytes.count)
        #expect(part?["title"].map { Array($0.raw) } == Array(#""\ud83d""#.utf8))
    }

    @Test func `a string of lone surrogates alone does not become empty`() throws {
        let count = Limits.stringBytes / 6 + 1
        let payload = #"{"id":"p1","type":"tool","output":"\#(String(repeating: #"\udc00"#, count: count))"}"#
        let blob = try #require(EventBounds.bounded(.part("p1", Array(payload.utf8)), in: topic).blobs.first)
        #expect(blob.bytes == Array(String(repeating: "\u{FFFD}", count: count).utf8))
    }

    @Test func `the text of a text part may be longer`() throws {
        let text = String(repeating: "a", count: 300_000)
        let event = Event.part(
            "p1",
            JSONWriter.object { writer in
                writer.member("type", "text")
                writer.member("text", text)
            })
        let bounded = EventBounds.bounded(event, in: topic)
        #expect(bounded.events.first?.payload.count ?? 0 > 300_000)
        #expect(bounded.blobs.isEmpty)
    }

    @Test func `what is still too large is told`() {
        let event = Event.upstream(
            JSONWriter.object { writer in
                writer.key("list")
                writer.array { list in for _ in 0..<40_000 { list.string("thirty bytes of text, no more.") } }
            })
        #expect(EventBounds.bounded(event, in: topic).events.map(\.kind) == [.notice])
    }

    @Test func `a large delta is cut between characters`() throws {
        let text = String(repeating: "é\\n👩‍🚀\\u00e9", count: 8_000)
        let event = Event.delta(part: "p1", text: Array(text.utf8))
        let pieces = EventBounds.bounded(event, in: topic).events
        #expect(pieces.count > 3)
        var joined: [UInt8] = []
        for piece in pieces {
            let text = try #require(try JSON.parse(piece.payload)["text"]?.rawText)
            #expect(text.count <= Limits.deltaBytes)
            joined += text
        }
        #expect(joined == Array(text.utf8))
    }

    @Test func `a delta that other strings may be as long as is cut`() throws {
        let pieces = EventBounds.bounded(.delta(part: "p1", text: Array(repeating: 0x78, count: Limits.deltaBytes + 1)), in: topic).events
        #expect(try pieces.map { try #require(try JSON.parse($0.payload)["text"]?.rawText).count } == [Limits.deltaBytes, 1])
    }
}
