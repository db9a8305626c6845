// What a figure is held to: a ratio to the limit of the same run, or a value by itself.

import Foundation

enum Goal: Codable, Equatable {
    case ratioAtMost(Double)
    case ratioAtLeast(Double)
    case atMost(Double)
    case atLeast(Double)

    var isRatio: Bool {
        switch self {
        case .ratioAtMost, .ratioAtLeast: true
        case .atMost, .atLeast: false
        }
    }

    var text: String {
        switch self {
        case .ratioAtMost(let bound): "≤ \(Figure.text(bound)) ×"
        case .ratioAtLeast(let bound): "≥ \(Figure.text(bound)) ×"
        case .atMost(let bound): "≤ \(Figure.text(bound))"
        case .atLeast(let bound): "≥ \(Figure.text(bound))"
        }
    }

    /// - Parameter value: the ratio's median, or the value's.
    func isHeld(by value: Double) -> Bool {
        switch self {
        case .ratioAtMost(let bound), .atMost(let bound): value <= bound
        case .ratioAtLeast(let bound), .atLeast(let bound): value >= bound
        }
    }
}
