// Everything that a command measured, for people (Markdown) or for programs (JSON).

import Foundation

struct Report: Encodable {
    let machine: Machine?
    let sections: [Section]

    init(sections: [Section]) {
        machine = try? Machine.here()
        self.sections = sections
    }

    func markdown() -> String {
        (head + sections.map { $0.markdown() }).joined(separator: "\n\n")
    }

    /// One table of all that is held to something, then the sections that are not, each as it is.
    func summary() -> String {
        var table = MarkdownTable(["", "limit", "Reprise", "ratio", "held to", "command"])
        let judged = sections.filter { $0.figures.contains { $0.goal != nil } }
        for section in judged {
            for figure in section.figures where figure.goal != nil {
                table.add(["\(section.title): \(figure.name), \(figure.unit)"] + figure.cells + ["`\(section.command)`"])
            }
        }
        let others = sections.filter { section in section.figures.allSatisfy { $0.goal == nil } }
        return (head + [table.text] + judged.flatMap(\.remarks) + others.map { $0.markdown() }).joined(separator: "\n\n")
    }

    private var head: [String] { machine.map { [$0.line] } ?? [] }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
