// The three ways to append that are measured.

enum AppendMode: String, CaseIterable {
    case alone, flight, batch

    var title: String {
        switch self {
        case .alone: "one at a time"
        case .flight: "64 in flight"
        case .batch: "batches of 100"
        }
    }

    var goal: Goal {
        switch self {
        case .alone: .ratioAtLeast(0.8)
        case .flight: .ratioAtLeast(0.65)
        case .batch: .ratioAtLeast(0.75)
        }
    }

    func plan(topics: Int, eventBytes: Int, milliseconds: Int) -> AppendPlan {
        AppendPlan(
            connections: self == .flight ? 64 : 1, topics: topics, batch: self == .batch ? 100 : 1, eventBytes: eventBytes,
            milliseconds: milliseconds)
    }
}
