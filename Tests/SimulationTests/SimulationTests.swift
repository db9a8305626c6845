import Foundation
import ScriptedOpenCode
import TestSupport
import Testing

/// The promises, under schedules that a seed draws. `REPRISE_SIMULATION_SEED` runs one seed only, `REPRISE_SIMULATION_STEPS` so many steps of it.
@Suite(.ownThread) struct SimulationTests {
    @Test func `subscribers and publishers`() { Campaign(Scenario()).run(seeds: 0..<UInt64(60 * Campaign.scale)) }

    @Test(arguments: ScriptedGeneration.allCases) func `sessions of an OpenCode, and commands`(_ generation: ScriptedGeneration) {
        Campaign(Scenario(steps: 600, upstream: generation)).run(seeds: 0..<UInt64(20 * Campaign.scale))
    }

    @Test(arguments: FoundSeed.all) func `a schedule that has found something stays clean`(_ found: FoundSeed) {
        let world = World(seed: found.seed, Scenario(steps: found.steps, upstream: found.generation))
        if let violation = world.run() { Issue.record("\(found): \(violation)") }
    }

    @Test(arguments: [nil] + ScriptedGeneration.allCases) func `one seed is one schedule`(_ generation: ScriptedGeneration?) {
        for seed in 0..<UInt64(4 * Campaign.scale) as Range<UInt64> {
            let (first, second) = (World(seed: seed, Scenario(upstream: generation)), World(seed: seed, Scenario(upstream: generation)))
            _ = (first.run(), second.run())
            #expect(first.trace == second.trace, "seed \(seed)")
        }
    }
}
