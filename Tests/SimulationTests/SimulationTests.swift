import Foundation
import Testing

/// The promises, under schedules that a seed draws. `REPRISE_SIMULATION_SEED` runs one seed only, `REPRISE_SIMULATION_STEPS` so many steps of it.
@Suite struct SimulationTests {
    @Test func `subscribers and publishers`() { Campaign(Scenario()).run(seeds: 0..<UInt64(300 * Campaign.scale)) }

    @Test func `one seed is one schedule`() {
        for seed in 0..<20 as Range<UInt64> {
            let (first, second) = (World(seed: seed, Scenario()), World(seed: seed, Scenario()))
            _ = (first.run(), second.run())
            #expect(first.trace == second.trace, "seed \(seed)")
        }
    }
}
