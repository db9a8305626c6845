// The figures of one case, as a table.

struct Section: Codable {
    let title: String
    let command: String
    let figures: [Figure]
    /// What a reader must know to read them.
    var remark: String?

    init(_ title: String, command: String, remark: String? = nil, _ figures: [Figure]) {
        (self.title, self.command, self.remark) = (title, command, remark)
        // What could not be measured here is left out.
        self.figures = figures.filter { $0.values.values.contains { !$0.isEmpty } }
    }

    func markdown() -> String {
        var rows = ["**\(title)** (`\(command)`)", ""]
        if let remark { rows = [rows[0], "", remark, ""] }
        rows.append("| | limit | Reprise | ratio | held to | generator busy |")
        rows.append("|---|---|---|---|---|---|")
        rows += figures.map(Self.row)
        for figure in figures where !figure.saturated.isEmpty {
            rows += ["", "The generator was the bottleneck of \(figure.saturated.joined(separator: " and ")) in “\(figure.name)”."]
        }
        return rows.joined(separator: "\n")
    }

    private static func row(_ figure: Figure) -> String {
        let goal = figure.goal.map { goal in goal.text + (figure.isHeld.map { $0 ? " ✓" : " ✗" } ?? "") } ?? ""
        let busy = figure.generatorBusy.values.max().map { "\(Int(($0 * 100).rounded())) %" } ?? ""
        let cells = [
            "\(figure.name), \(figure.unit)", figure.limit?.text ?? "", figure.own?.text ?? "", figure.ratio?.text ?? "", goal, busy,
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }
}

extension Spread {
    /// The median, and the ends where they differ.
    var text: String {
        let (low, middle, high) = (Figure.text(least), Figure.text(median), Figure.text(most))
        return low == high ? middle : "\(middle) (\(low)–\(high))"
    }
}
