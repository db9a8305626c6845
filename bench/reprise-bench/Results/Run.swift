// What one run of one server gave.

import Foundation

struct Run: Codable {
    /// By the figure's key.
    let values: [String: Double]
    let usage: Usage?

    init(_ values: [String: Double], _ usage: Usage? = nil) { (self.values, self.usage) = (values, usage) }

    var line: String {
        let figures = values.sorted { $0.key < $1.key }.map { "\($0.key) \(Figure.text($0.value))" }
        guard let usage else { return figures.joined(separator: ", ") }
        let busy = String(
            format: "busy: server %.0f %% (%.0f %% of it in the kernel), generator %.0f %%", usage.serverBusy * 100,
            usage.systemShare * 100,
            usage.generatorBusy * 100)
        return (figures + [busy]).joined(separator: ", ")
    }
}

/// All runs of a comparison.
struct Runs {
    private var runs: [ServerKind: [Run]] = [:]

    mutating func add(_ run: Run, of kind: ServerKind) { runs[kind, default: []].append(run) }

    /// - Parameter key: of the runs' values.
    func figure(_ name: String, _ key: String, _ unit: String, goal: Goal? = nil) -> Figure {
        var figure = Figure(name: name, unit: unit, goal: goal)
        for (kind, all) in runs {
            figure.values[kind.rawValue] = all.compactMap { $0.values[key] }
            let busy = all.compactMap { $0.usage?.generatorBusy }
            if let most = busy.max() { figure.generatorBusy[kind.rawValue] = most }
            if all.contains(where: { $0.usage?.isGeneratorSaturated == true }) { figure.saturated.append(kind.rawValue) }
        }
        figure.saturated.sort()
        return figure
    }
}
