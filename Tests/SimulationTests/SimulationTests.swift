import Foundation
import TestSupport
import Testing

/// The promises, under schedules that a seed draws. `REPRISE_SIMULATION_SEED` runs one seed only, `REPRISE_SIMULATION_STEPS` so many steps of it.
@Suite(.ownThread) struct SimulationTests {
    @Test func `subscribers and publishers`() { Campaign(Scenario()).run(seeds: 0..<UInt64(60 * Campaign.scale)) }

    @Test func `sessions of an OpenCode, and commands`() {
        Campaign(Scenario(steps: 600, hasUpstream: true)).run(seeds: 0..<UInt64(20 * Campaign.scale))
    }

    @Test func `one seed is one schedule`() {
        for seed in 0..<UInt64(4 * Campaign.scale) as Range<UInt64> {
            let (first, second) = (World(seed: seed, Scenario()), World(seed: seed, Scenario()))
            _ = (first.run(), second.run())
            #expect(first.trace == second.trace, "seed \(seed)")
            let (third, fourth) = (World(seed: seed, Scenario(hasUpstream: true)), World(seed: seed, Scenario(hasUpstream: true)))
            _ = (third.run(), fourth.run())
            #expect(third.trace == fourth.trace, "seed \(seed), with OpenCode")
        }
    }
}
