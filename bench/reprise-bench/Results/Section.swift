// The figures of one case, as a table.

struct Section: Codable {
    let title: String
    let command: String
    let figures: [Figure]

    init(_ title: String, command: String, _ figures: [Figure]) {
        (self.title, self.command) = (title, command)
        // What could not be measured here is left out.
        self.figures = figures.filter { $0.values.values.contains { !$0.isEmpty } }
    }

    func markdown() -> String {
        var table = MarkdownTable(["", "limit", "Reprise", "ratio", "held to", "generator busy"])
        for figure in figures { table.add(["\(figure.name), \(figure.unit)"] + figure.cells + [figure.busyCell]) }
        return (["**\(title)** (`\(command)`)", table.text] + remarks).joined(separator: "\n\n")
    }

    /// What makes a figure worth less than it looks.
    var remarks: [String] {
        figures.filter { !$0.saturated.isEmpty }.map {
            "The generator was the bottleneck of \($0.saturated.joined(separator: " and ")): \(title), \($0.name)."
        }
    }
}

extension Figure {
    /// The limit's, Reprise's, the ratio, and what it is held to.
    var cells: [String] {
        let judged = goal.map { goal in goal.text + (isHeld.map { $0 ? " ✓" : " ✗" } ?? "") } ?? ""
        return [limit?.text ?? "", own?.text ?? "", ratio?.text ?? "", judged]
    }

    fileprivate var busyCell: String { generatorBusy.values.max().map { "\(Int(($0 * 100).rounded())) %" } ?? "" }
}

extension Spread {
    /// The median, and the ends where they differ.
    var text: String {
        let (low, middle, high) = (Figure.text(least), Figure.text(median), Figure.text(most))
        return low == high ? middle : "\(middle) (\(low)–\(high))"
    }
}
