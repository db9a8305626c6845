// protocol/PROTOCOL.md and the code say the same: what it shows is read and written back to the same bytes. Its tables of errors, limits and routes
// are compared with what a server answers, among the server's tests.

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

    @Test func `it has every word, and no other`() {
        let rows = section("The words of a session").filter { $0.hasPrefix("| `") }
        let words = rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }.filter { $0 != "type" }
        #expect(Set(words) == Set(EventKind.allCases.map(\.rawValue)).subtracting(["plain"]))
    }
}
