import OpenCode
import RelayProtocol
import TestSupport
import Testing
import Wire

@testable import Ingest

@Suite(.ownThread) struct HealerTests {
    private func object(_ text: String) -> JSONValue { (try? JSON.parse(Array(text.utf8)))! }
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func message(_ id: String, _ created: Int, parts: [(String, String)] = [], more: String = "") -> MessageRead {
        MessageRead(
            id: id, created: created, object: bytes(#"{"id":"\#(id)","role":"assistant","created":\#(created)\#(more)}"#),
            parts: parts.map { PartRead(id: $0.0, object: bytes($0.1)) })
    }

    private func held(_ messages: [MessageRead]) -> FoldedSession {
        var fold = FoldedSession()
        fold.messages = messages.map { read in
            FoldedMessage(
                id: read.id, created: read.created, object: (try? JSON.parse(read.object))!,
                parts: read.parts.map { FoldedPart(id: $0.id, object: (try? JSON.parse($0.object))!) })
        }
        return fold
    }

    private func read(_ messages: [MessageRead], complete: Bool = true) -> SessionRead {
        var read = SessionRead(session: "ses_1")
        read.messages = messages
        read.isComplete = complete
        return read
    }

    private func difference(_ fold: FoldedSession, _ read: SessionRead, acrossOutage: Bool = true) -> [String] {
        let marked = read.markingUnheard(held: fold, acrossOutage: acrossOutage)
        return Healer.difference(held: fold, read: marked, origin: .heal, acrossOutage: acrossOutage).map {
            String(decoding: $0.payload, as: UTF8.self)
        }
    }

    private func text(_ id: String, _ text: String, _ more: String = "") -> (String, String) {
        (id, #"{"id":"\#(id)","message":"m","type":"text","text":"\#(text)"\#(more)}"#)
    }

    @Test func `what equals the log is not said`() {
        let all = [message("m1", 1, parts: [text("p1", "hello")]), message("m2", 2)]
        #expect(difference(held(all), read(all)) == [])
    }

    @Test func `what stands in the log as a blob is not said again`() throws {
        let tool = #"{"id":"p1","message":"m1","type":"tool","state":"completed","output":"\#(String(repeating: "x", count: 70_000))"}"#
        let bounded = EventBounds.bounded(.part("p1", bytes(tool)), in: .opencode)
        let logged = try JSON.parse(bounded.events[0].payload)["part"]
        var fold = held([message("m1", 1)])
        fold.messages[0].parts = [FoldedPart(id: "p1", object: try #require(logged))]
        #expect(bounded.blobs.count == 1)
        #expect(difference(fold, read([message("m1", 1, parts: [("p1", tool)])])) == [])
    }

    @Test func `a message that was missed is said with its parts`() {
        let first = message("m1", 1)
        let second = message("m2", 2, parts: [text("p1", "hello")])
        #expect(
            difference(held([first]), read([first, second])).map { $0.prefix(16) }
                == [#"{"type":"message"#, #"{"type":"part","p"#].map { $0.prefix(16) })
    }

    @Test func `a message that is gone is removed, but not beyond what was read`() {
        let old = message("m0", 0)
        let gone = message("m1", 5)
        let kept = message("m2", 4)
        #expect(difference(held([old, kept, gone]), read([kept], complete: false)) == [#"{"type":"message.removed","id":"m1"}"#])
        #expect(difference(held([old, kept]), read([kept])) == [#"{"type":"message.removed","id":"m0"}"#])
    }

    @Test func `of an older page nothing is removed that stands behind it`() {
        let old = message("m1", 1)
        let gone = message("m2", 2)
        let newer = message("m4", 4)
        let said = Healer.difference(
            held: held([old, gone, newer]), read: read([old, message("m3", 3)], complete: false), origin: .heal, acrossOutage: true,
            successor: MessagePlace(created: 4, id: "m4"))
        #expect(said.map { "\($0.kind.rawValue) \($0.id ?? "")" } == ["message.removed m2", "message m3"])
    }

    @Test func `a message whose successor stands on a newer page is lowered below it`() {
        let said = Healer.difference(
            held: FoldedSession(), read: read([message("m1", 9)]), origin: .heal, acrossOutage: true,
            successor: MessagePlace(created: 5, id: "m2"))
        #expect(
            said.map { String(decoding: $0.payload, as: UTF8.self) } == [
                #"{"type":"message","message":{"id":"m1","role":"assistant","created":4}}"#
            ])
    }

    @Test func `a read never shortens a text`() {
        var fold = held([message("m1", 1, parts: [text("p1", "he", #","open":true"#)])])
        fold.messages[0].parts[0].text = bytes("llo")
        let said = difference(fold, read([message("m1", 1, parts: [text("p1", "", #","open":true"#)])]))
        #expect(said == [#"{"type":"part","part":{"id":"p1","message":"m","type":"text","text":"hello","open":true,"incomplete":true}}"#])
    }

    @Test func `the longer text wins where one begins with the other`() {
        var fold = held([message("m1", 1, parts: [text("p1", "he", #","open":true"#)])])
        fold.messages[0].parts[0].text = bytes("llo")
        let said = difference(fold, read([message("m1", 1, parts: [text("p1", "hello world")])]))
        #expect(said == [#"{"type":"part","part":{"id":"p1","message":"m","type":"text","text":"hello world"}}"#])
    }

    @Test func `what was heard stays where neither begins with the other`() {
        let said = difference(held([message("m1", 1, parts: [text("p1", "abc")])]), read([message("m1", 1, parts: [text("p1", "abX")])]))
        #expect(said == [])
    }

    @Test func `a text that the log never had misses its beginning where the session runs`() {
        let open = message("m1", 1, parts: [text("p1", "", #","open":true"#)])
        for (status, isMissing) in [(SessionStatus.busy, true), (.idle, false)] {
            var read = read([open])
            read.status = status
            let said = difference(FoldedSession(), read, acrossOutage: false)
            #expect(said.last?.contains(#""incomplete":true"#) == isMissing)
        }
    }

    @Test func `a final text replaces one that misses words`() {
        let fold = held([message("m1", 1, parts: [text("p1", "a c", #","open":true,"incomplete":true"#)])])
        let said = difference(fold, read([message("m1", 1, parts: [text("p1", "a b c")])]))
        #expect(said == [#"{"type":"part","part":{"id":"p1","message":"m","type":"text","text":"a b c"}}"#])
    }

    @Test func `a tool that still runs keeps what only events told`() {
        let before = (
            "p1", #"{"id":"p1","message":"m1","type":"tool","state":"running","input":{},"metadata":{"child":"ses_2"},"session":"ses_2"}"#
        )
        let now = ("p1", #"{"id":"p1","message":"m1","type":"tool","state":"running","input":{},"metadata":{}}"#)
        #expect(difference(held([message("m1", 1, parts: [before])]), read([message("m1", 1, parts: [now])])) == [])
    }

    @Test func `what a running tool has printed is the longer of what was heard and what is read`() throws {
        func tool(_ output: String?) -> String {
            #"{"id":"p1","message":"m1","type":"tool","state":"running","input":{}\#(output.map { #","output":"\#($0)""# } ?? "")}"#
        }
        /// The output that the log has once the difference is said; nil where nothing is.
        func healed(said: String?, grown: String, read: String?) throws -> String? {
            var fold = held([message("m1", 1, parts: [("p1", tool(said))])])
            fold.messages[0].parts[0].output = bytes(grown)
            let events = difference(fold, self.read([message("m1", 1, parts: [("p1", tool(read))])]))
            guard let event = events.first else { return nil }
            return try JSON.parse(bytes(event))["part"]?["output"]?.string
        }
        #expect(try healed(said: nil, grown: "one two", read: "one two three") == "one two three")
        #expect(try healed(said: "one", grown: " two", read: "one two three") == "one two three")
        #expect(try healed(said: "one", grown: " two", read: "one two") == nil)
        #expect(try healed(said: "one", grown: " two three", read: "one two") == nil)
        #expect(try healed(said: "one", grown: " two", read: nil) == nil)
        #expect(try healed(said: "one", grown: " two", read: "two three") == "two three", "a preview that has slid")
    }

    @Test func `a tool does not go back`() {
        let before = ("p1", #"{"id":"p1","message":"m1","type":"tool","state":"completed","output":"x"}"#)
        let now = ("p1", #"{"id":"p1","message":"m1","type":"tool","state":"running"}"#)
        #expect(difference(held([message("m1", 1, parts: [before])]), read([message("m1", 1, parts: [now])])) == [])
    }

    @Test func `a message keeps its turn and its place`() {
        let before = message("m1", 7, more: #","turn":3"#)
        let now = message("m1", 9, more: #","completed":12"#)
        #expect(
            difference(held([before]), read([now])) == [
                #"{"type":"message","message":{"id":"m1","role":"assistant","created":7,"completed":12,"turn":3}}"#
            ])
    }

    @Test func `parts of before an upgrade are not said under other ids`() {
        let before = message("m1", 1, parts: [("prt_1", #"{"id":"prt_1","message":"m1","type":"text","text":"hello"}"#)])
        let now = message("m1", 1, parts: [text("m1.t0", "hello")], more: #","completed":2"#)
        #expect(difference(held([before]), read([now])).count == 1)
    }

    @Test func `a part found before one that is held is told by the order`() {
        let before = message("m1", 1, parts: [text("p2", "b")])
        let now = message("m1", 1, parts: [text("p1", "a"), text("p2", "b")])
        let said = difference(held([before]), read([now]))
        #expect(said.first == #"{"type":"message","message":{"id":"m1","role":"assistant","created":1,"parts":["p1","p2"]}}"#)
        #expect(said.count == 2)
    }

    @Test func `a created that contradicts the list is lowered`() {
        let said = difference(FoldedSession(), read([message("m1", 9), message("m2", 5)]))
        #expect(said.first == #"{"type":"message","message":{"id":"m1","role":"assistant","created":4}}"#)
    }

    @Test func `nothing is lowered below the lowest time there is`() {
        let said = difference(FoldedSession(), read([message("m2", .min), message("m1", .min)]))
        #expect(said.count == 2 && said.allSatisfy { $0.contains(#""created":-9223372036854775808"#) })
    }
}
