// One thing that was measured: a value of each server in each run, and Reprise over the limit, pair by pair.

import Foundation

struct Figure: Codable {
    let name: String
    let unit: String
    let goal: Goal?
    /// By server, a value a run.
    var values: [String: [Double]] = [:]
    /// How busy the generator was at most, by server.
    var generatorBusy: [String: Double] = [:]
    /// Servers that had to wait for the generator.
    var saturated: [String] = []

    /// Of Reprise.
    var own: Spread? { spread(.reprise) }
    /// Of the limit that stands beside it.
    var limit: Spread? { spread(.synced) ?? spread(.limit) }

    /// Each run with the one beside it. Nil where only one of them ran.
    var ratio: Spread? {
        let beside = values[ServerKind.synced.rawValue] ?? values[ServerKind.limit.rawValue] ?? []
        let pairs = zip(values[ServerKind.reprise.rawValue] ?? [], beside).filter { $0.1 > 0 }.map { $0 / $1 }
        return pairs.isEmpty ? nil : Spread(pairs)
    }

    /// Nil where there is nothing to hold it to.
    var isHeld: Bool? {
        guard let goal, let judged = goal.isRatio ? ratio : own else { return nil }
        return goal.isHeld(by: judged.median)
    }

    private func spread(_ kind: ServerKind) -> Spread? {
        values[kind.rawValue].flatMap { $0.isEmpty ? nil : Spread($0) }
    }

    /// Three significant digits, whatever the size.
    static func text(_ value: Double) -> String {
        switch abs(value) {
        case 0: return "0"
        case ..<0.1: return String(format: "%.4f", value)
        case ..<10: return trimmed(String(format: "%.3f", value))
        case ..<100: return trimmed(String(format: "%.1f", value))
        default: break
        }
        var digits = String(Int(value.rounded()))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return digits
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
