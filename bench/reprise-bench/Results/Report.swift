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
        let head = machine.map { [$0.line] } ?? []
        return (head + sections.map { $0.markdown() }).joined(separator: "\n\n")
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
