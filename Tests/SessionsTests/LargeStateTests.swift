// A snapshot is a line, whatever a session has: what would make it longer stands as blobs, and each of them can be fetched.

import EventLog
import RelayProtocol
import SQLite
import TestSupport
import Testing
import Wire

@testable import Sessions

@Suite struct LargeStateTests {
    private func line(_ log: TestLog) async throws -> [UInt8] {
        try #require(try await log.read { try SessionReads.snapshotLine("ses_1", in: $0)?.line })
    }

    /// What stands for values that were cut out.
    private func references(_ value: JSONValue) -> [JSONValue] {
        if value["$blob"] != nil { return [value] }
        return value.members.flatMap { references($0.value) } + value.items.flatMap { references($0) }
    }

    private func expectFound(_ reference: JSONValue, in log: TestLog) async throws {
        let hash = try #require(reference["$blob"]?.string)
        let found = try #require(try await log.read { try SessionReads.cutOut(hash, of: "ses_1", in: $0) })
        #expect("sha256-" + Hex.encode(SHA256.hash(found.bytes)) == hash)
        #expect(found.bytes.count == reference["bytes"]?.int && found.mime == reference["mime"]?.string)
        if found.mime != nil { #expect(throws: Never.self) { try JSON.parse(found.bytes, depth: Limits.lineDepth) } }
    }

    @Test func `a permission with many diffs stands with the largest of them as blobs`() async throws {
        let log = try TestLog()
        let diffs = (1...15).map { #"{"file":"f\#($0)","patch":"\#(String(repeating: "+\($0)", count: (40 + $0) * 512))"}"# }
        for card in ["per_1", "per_2"] {
            let changes = diffs.joined(separator: ",")
            let permission = #"{"id":"\#(card)","session":"ses_1","action":"edit","resources":["*"],"changes":[\#(changes)]}"#
            try await log.append([SampleEvents.session("ses_1"), .permission(card, Array(permission.utf8))], to: "ses_1")
        }
        try await log.append([SampleEvents.message("msg_1", created: 1), SampleEvents.text("small", of: "msg_1", "as it is")], to: "ses_1")
        let line = try await line(log)
        #expect(line.count <= Limits.lineBytes && line.count > Limits.lineBytes - (128 << 10))
        let state = try #require(try JSON.parse(line, depth: Limits.lineDepth)["state"])
        let changes = state["permissions"]?.items.flatMap { $0["changes"]?.items ?? [] } ?? []
        #expect(changes.compactMap { $0["file"]?.string }.count == 30)
        let cut = changes.compactMap { $0["patch"] }.filter { !$0.isString }
        #expect(!cut.isEmpty && cut.count < 25)
        let kept = changes.compactMap { $0["patch"]?.string?.utf8.count }
        for reference in cut {
            #expect(try #require(reference["bytes"]?.int) >= kept.max() ?? 0)
            try await expectFound(reference, in: log)
        }
        #expect(state["messages"]?.items.first?["parts"]?.items.first?["text"]?.string == "as it is")
        let body = try await log.open("ses_1")
        #expect(body["permissions"].map { text($0.raw) } == state["permissions"].map { text($0.raw) })
    }

    @Test func `a list of too many small things is one blob, and the rest is as it was`() async throws {
        let log = try TestLog()
        let task = #"{"id":"1","content":"test it","status":"pending"}"#
        let tasks = "[" + [String](repeating: task, count: 18_000).joined(separator: ",") + "]"
        let queue = "[" + [String](repeating: #"{"id":"msg_9","text":"later","created":4}"#, count: 10_000).joined(separator: ",") + "]"
        try await log.append([SampleEvents.session("ses_1"), .tasks(Array(tasks.utf8)), .queue(Array(queue.utf8))], to: "ses_1")
        let line = try await line(log)
        #expect(line.count <= Limits.lineBytes)
        let state = try #require(try JSON.parse(line, depth: Limits.lineDepth)["state"])
        let reference = try #require(state["tasks"])
        #expect(reference["mime"]?.string == "application/json")
        #expect(state["queue"].map { text($0.raw) } == queue)
        #expect(state["session"]?["title"]?.string == "a title")
        try await expectFound(reference, in: log)
    }

    @Test(arguments: 1...8) func `a snapshot is never longer than a line`(seed: UInt64) async throws {
        let log = try TestLog()
        var session = HeavySession(seed: seed)
        try await log.append([SampleEvents.session("ses_1")], to: "ses_1")
        for _ in 1...12 { try await log.append([session.event()], to: "ses_1") }
        let line = try await line(log)
        #expect(line.count <= Limits.lineBytes, "seed \(seed)")
        let state = try #require(try JSON.parse(line, depth: Limits.lineDepth)["state"])
        _ = FoldedSession(state: state)
        let all = references(state)
        for reference in [all.first { $0["mime"] != nil }, all.first { $0["mime"] == nil }, all.last] {
            if let reference { try await expectFound(reference, in: log) }
        }
    }
}

/// Events as heavy as they may be: of large strings, of many small ones, of what is neither.
private struct HeavySession {
    private var random: SeededRandom
    private var number = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    private mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: values.indices, using: &random)] }

    /// A JSON value of about so many bytes.
    private mutating func bulk(_ bytes: Int) -> String {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "\"" + String(repeating: pick(["x", "\\\"", "\u{1F600}"]), count: min(bytes, 60_000) / 4) + "\""
        case 1: return "[" + [String](repeating: "12345", count: bytes / 6).joined(separator: ",") + "]"
        case 2: return "[" + [String](repeating: #"{"file":"a","patch":"short"}"#, count: bytes / 30).joined(separator: ",") + "]"
        case 3: return "{" + (0..<bytes / 20).map { #""key\#($0)":\#($0)"# }.joined(separator: ",") + "}"
        default:
            let size = pick([200, 2000, 50_000])
            return "["
                + [String](repeating: "\"" + String(repeating: "y", count: size) + "\"", count: max(1, bytes / size)).joined(separator: ",")
                + "]"
        }
    }

    mutating func event() -> Event {
        number += 1
        let bytes = pick([20_000, 300_000, 800_000])
        let value = bulk(bytes)
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            return .session("ses_1", Array(#"{"id":"ses_1","title":"t","directory":"/w","created":1,"updated":5,"revert":\#(value)}"#.utf8))
        case 1: return .tasks(Array(#"[{"id":"1","content":\#(value),"status":"pending"}]"#.utf8))
        case 2: return .queue(Array(#"[{"id":"msg_9","text":"later","files":\#(value),"created":4}]"#.utf8))
        case 3: return .error(Array(#"{"name":"x","message":\#(value)}"#.utf8))
        case 4, 5: return .permission("per_\(number)", Array(#"{"id":"per_\#(number)","session":"ses_1","metadata":\#(value)}"#.utf8))
        case 6: return .question("que_\(number)", Array(#"{"id":"que_\#(number)","session":"ses_1","fields":\#(value)}"#.utf8))
        case 7: return .turn(Turn(number: number, state: .done, prompts: (0..<bytes / 20).map { "msg_prompt_\($0)" }))
        case 8:
            let order =
                Bool.random(using: &random)
                ? #","parts":["# + (0..<min(bytes, 200_000) / 12).map { #""prt_\#($0)""# }.joined(separator: ",") + "]" : ""
            return .message("msg_1", Array(#"{"id":"msg_1","role":"assistant","created":1,"error":\#(value)\#(order)}"#.utf8))
        default:
            return .part(
                "prt_\(number)",
                Array(#"{"id":"prt_\#(number)","message":"msg_1","type":"tool","state":"completed","metadata":\#(value)}"#.utf8))
        }
    }
}
