// protocol/PROTOCOL.md, read for its tables.

import Foundation

struct ProtocolText {
    private let lines: [String]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../protocol/PROTOCOL.md").standardized
        lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    }

    func section(_ title: String) -> ArraySlice<String> {
        let start = lines.firstIndex { $0.hasPrefix("## ") && $0.hasSuffix(title) } ?? lines.endIndex
        return lines[start...].dropFirst().prefix { !$0.hasPrefix("## ") }
    }

    /// The cells of a section's rows, without the head.
    func rows(_ title: String) -> [[String]] {
        section(title).filter { $0.hasPrefix("|") && !$0.hasPrefix("|-") }.dropFirst().map { row in
            row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
