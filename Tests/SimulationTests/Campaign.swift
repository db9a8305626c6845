// Many schedules of one scenario. A seed that fails is cut as short as it still fails, and printed.

import Foundation
import Testing

struct Campaign {
    struct Finding {
        let seed: UInt64
        let steps: Int
        let violation: String
    }

    static let environment = ProcessInfo.processInfo.environment
    static let scale = environment["REPRISE_TEST_SCALE"].flatMap(Int.init) ?? 1

    let scenario: Scenario

    init(_ scenario: Scenario) { self.scenario = scenario }

    func run(seeds: Range<UInt64>) {
        let only = Self.environment["REPRISE_SIMULATION_SEED"].flatMap { UInt64($0) }
        let seeds = only.map { $0..<$0 + 1 } ?? seeds
        let began = ContinuousClock.now
        var steps = 0
        var longest = 0
        for seed in seeds {
            let world = World(seed: seed, limited)
            let violation = world.run()
            steps += world.steps
            longest = max(longest, world.steps)
            guard let violation else { continue }
            let shortest = shortest(seed, world.steps, violation)
            Issue.record(
                "seed \(seed), \(shortest.steps) steps (REPRISE_SIMULATION_SEED=\(seed) REPRISE_SIMULATION_STEPS=\(shortest.steps)): \(shortest.violation)"
            )
            return
        }
        let time = began.duration(to: .now) / .seconds(1)
        print(
            "simulation: \(seeds.count) schedules, \(steps) steps (\(longest) in the longest) in \(time) s, \(Int(Double(seeds.count) / time * 60)) schedules a minute"
        )
    }

    private var limited: Scenario {
        var scenario = scenario
        if let steps = Self.environment["REPRISE_SIMULATION_STEPS"].flatMap({ Int($0) }) { scenario.steps = steps }
        return scenario
    }

    /// The first finding among seeds.
    func find(in seeds: Range<UInt64>) -> Finding? {
        for seed in seeds {
            let world = World(seed: seed, scenario)
            if let violation = world.run() { return Finding(seed: seed, steps: world.steps, violation: violation) }
        }
        return nil
    }

    /// Cuts the schedule's tail by halves as long as it fails without it.
    private func shortest(_ seed: UInt64, _ steps: Int, _ violation: String) -> Finding {
        var best = Finding(seed: seed, steps: min(steps, limited.steps), violation: violation)
        var low = 0
        while low < best.steps {
            var tried = scenario
            tried.steps = (low + best.steps) / 2
            if let violation = World(seed: seed, tried).run() {
                best = Finding(seed: seed, steps: tried.steps, violation: violation)
            } else {
                low = tried.steps + 1
            }
        }
        return best
    }
}
