// Many schedules of one scenario. A seed that fails is cut as short as it still fails, and printed.

import Foundation
import Testing

struct SeedSweep {
    struct Finding {
        let seed: UInt64
        let steps: Int
        let violation: String
    }

    static let environment = ProcessInfo.processInfo.environment
    static let scale = environment["REPRISE_TEST_SCALE"].flatMap(Int.init) ?? 1

    let kind: ScheduleKind

    init(_ kind: ScheduleKind) { self.kind = kind }

    func run(seeds: Range<UInt64>) {
        let only = Self.environment["REPRISE_SIMULATION_SEED"].flatMap { UInt64($0) }
        let seeds = only.map { $0..<$0 + 1 } ?? seeds
        let began = ContinuousClock.now
        var steps = 0
        var (longest, compared) = (0, 0)
        for seed in seeds {
            let simulation = Simulation(seed: seed, limited)
            let violation = simulation.run()
            steps += simulation.steps
            longest = max(longest, simulation.steps)
            compared += simulation.compared
            guard let violation else { continue }
            let shortest = shortest(seed, simulation.steps, violation)
            Issue.record(
                "seed \(seed), \(shortest.steps) steps (REPRISE_SIMULATION_SEED=\(seed) REPRISE_SIMULATION_STEPS=\(shortest.steps)): \(shortest.violation)"
            )
            return
        }
        if kind.upstream != nil, only == nil, compared < seeds.count {
            Issue.record("only \(compared) sessions were compared in \(seeds.count) schedules")
        }
        let time = began.duration(to: .now) / .seconds(1)
        print(
            "simulation: \(seeds.count) schedules, \(steps) steps (\(longest) in the longest) in \(time) s, \(Int(Double(seeds.count) / time * 60)) schedules a minute"
        )
    }

    private var limited: ScheduleKind {
        var kind = kind
        if let steps = Self.environment["REPRISE_SIMULATION_STEPS"].flatMap({ Int($0) }) { kind.steps = steps }
        return kind
    }

    /// The first finding among seeds.
    func find(in seeds: Range<UInt64>) -> Finding? {
        for seed in seeds {
            let simulation = Simulation(seed: seed, kind)
            if let violation = simulation.run() { return Finding(seed: seed, steps: simulation.steps, violation: violation) }
        }
        return nil
    }

    /// Cuts the schedule's tail by halves as long as it fails without it.
    private func shortest(_ seed: UInt64, _ steps: Int, _ violation: String) -> Finding {
        var best = Finding(seed: seed, steps: min(steps, limited.steps), violation: violation)
        var low = 0
        while low < best.steps {
            var tried = kind
            tried.steps = (low + best.steps) / 2
            if let violation = Simulation(seed: seed, tried).run() {
                best = Finding(seed: seed, steps: tried.steps, violation: violation)
            } else {
                low = tried.steps + 1
            }
        }
        return best
    }
}
