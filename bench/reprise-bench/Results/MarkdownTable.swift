// Rows and columns as Markdown. A column with nothing in it is left out.

struct MarkdownTable {
    private let titles: [String]
    private var rows: [[String]] = []

    /// The first column always stands.
    init(_ titles: [String]) { self.titles = titles }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == titles.count)
        rows.append(cells)
    }

    var text: String {
        let shown = titles.indices.filter { column in column == 0 || rows.contains { !$0[column].isEmpty } }
        let lines = [titles, titles.map { _ in "---" }] + rows
        return lines.map { line in "| " + shown.map { line[$0] }.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }
}
