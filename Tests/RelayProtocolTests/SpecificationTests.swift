// protocol/PROTOCOL.md and the code say the same: what it shows is read and written back to the same bytes, and its tables are the code's.

import Foundation
import RelayProtocol
import Testing
import Wire

@Suite struct SpecificationTests {
    private let lines: [String]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../protocol/PROTOCOL.md").standardized
        lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    }

    private func fenced(_ language: String) -> [String] {
        var found: [String] = []
        var isInside = false
        for line in lines {
            if line.hasPrefix("```") { isInside = line == "```" + language } else if isInside { found.append(line) }
        }
        return found
    }

    private func section(_ title: String) -> ArraySlice<String> {
        let start = lines.firstIndex { $0.hasPrefix("## ") && $0.hasSuffix(title) } ?? lines.endIndex
        return lines[start...].dropFirst().prefix { !$0.hasPrefix("## ") }
    }

    @Test func `its lines are lines`() throws {
        let shown = fenced("ndjson")
        #expect(shown.count > 15)
        for line in shown {
            let value = try JSON.parse(bytes(line))
            if value["at"] != nil {
                let isPlain = value["event"]?["type"] == nil
                let event = try EventLine.parse(bytes(line), isPlain: isPlain)
                var written: [UInt8] = []
                EventLine.append(event.event, at: event.position, timestamp: event.timestamp, to: &written)
                #expect(text(written) == line + "\n")
                #expect(isPlain || event.event.kind != .upstream)
            } else if value["do"] != nil {
                _ = try ClientCommand.parse(bytes(line))
            } else {
                #expect(value["type"]?.isString == true, "\(line)")
            }
        }
    }

    @Test func `its JSON is JSON, and its state can be folded on from`() throws {
        let values = try fenced("json").filter { !$0.isEmpty }.map { try JSON.parse(bytes($0)) }
        let answer = try #require(values.first)
        let state = FoldedSession(state: answer)
        let position = try #require(Position(answer["position"]?.string ?? ""))
        #expect(text(state.answer(position: position)) == text(answer.raw))
        let problem = try #require(values.first { $0["code"] != nil })
        #expect(Problem(problem).map { text($0.json) } == text(problem.raw))
    }

    @Test func `its digest of nothing is the digest of nothing`() {
        #expect(fenced("json").contains(text(FoldedSession().canonicalForm)))
        #expect(section("Canonical form").joined().contains("`\(FoldedSession().digest)`"))
    }

    @Test func `its table of errors is the code's`() {
        let rows = section("Errors").filter { $0.hasPrefix("| `") }
        let known = ProblemCode.allCases.map { "| `\($0.rawValue)` | \($0.status) | \($0.title) | \($0.isRetryable ? "yes" : "no") |" }
        #expect(Set(rows) == Set(known))
    }

    @Test func `it has every word, and no other`() {
        let rows = section("The words of a session").filter { $0.hasPrefix("| `") }
        let words = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }.filter { $0 != "type" }
        #expect(Set(words) == Set(EventKind.allCases.map(\.rawValue)).subtracting(["plain"]))
    }

    @Test func `its limits are the code's`() {
        func row(_ what: String) -> String { section("Limits").first { $0.hasPrefix("| \(what)") } ?? "" }
        func size(_ bytes: Int) -> String {
            bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : bytes % 1024 == 0 ? "\(bytes >> 10) KiB" : "\(bytes) bytes"
        }
        func number(_ value: Int) -> String { value < 1000 ? "\(value)" : "\(value / 1000),\(String(value % 1000 + 1000).dropFirst())" }
        let expected: [(String, String)] = [
            ("a line", size(Limits.lineBytes)), ("an event's payload", "1 MiB less \(size(Limits.lineBytes - Limits.eventBytes))"),
            ("nesting", "\(Limits.depth)"),
            ("a string of an event", size(Limits.stringBytes)), ("a string of an event", size(Limits.textBytes)),
            ("the text of a delta", size(Limits.deltaBytes)),
            ("a request line", size(Limits.requestLineBytes)), ("header fields", size(Limits.headBytes)),
            ("header fields", "\(Limits.headerCount) fields"),
            ("the time for", "\(Limits.headSeconds) s"), ("the body of a prompt", size(Limits.bodyBytes)),
            ("the body of another", size(Limits.commandBodyBytes)),
            ("events of one publish", number(Limits.batchEvents)), ("a WebSocket message", size(Limits.messageBytes)),
            ("`Idempotency-Key`", "\(Limits.idempotencyKeyBytes) bytes, kept \(Limits.idempotencyHours) h"),
            ("a topic's name", "\(Limits.topicNameBytes) bytes"),
            ("a command's id", "\(Limits.commandIDBytes) bytes"), ("`after`", "\(Limits.positionBytes) bytes"),
            ("ids in a path", "\(Limits.idBytes) bytes"),
            ("a title", size(Limits.titleBytes)), ("a path", size(Limits.pathBytes)), ("names of agents", "\(Limits.nameBytes) bytes"),
            ("parts", "\(Limits.promptParts)"),
            ("messages of a page", "\(Limits.pageMessages) (`limit` ≤ \(Limits.mostPageMessages)), \(size(Limits.pageBytes))"),
            ("a page of one", size(Limits.longestPageBytes)),
            (
                "events of an NDJSON",
                "\(number(Limits.pageEvents)) (`limit` ≤ \(number(Limits.mostPageEvents))), \(size(Limits.pageLineBytes))"
            ),
            ("rows of a list", "\(Limits.listRows) (`limit` ≤ \(Limits.mostListRows))"),
            ("silence", "\(Limits.heartbeatMilliseconds / 1000) s"),
            ("`wait`", "\(Limits.waitSeconds) s"), ("a GET's wait", "\(Limits.importSeconds) s"),
            ("a reader that", "\(Limits.stalledSeconds) s"),
            ("publishers ahead", size(Limits.writerQueueBytes)),
        ]
        for (what, bound) in expected { #expect(row(what).contains("\(bound)"), "\(what): \(bound)") }
    }
}
