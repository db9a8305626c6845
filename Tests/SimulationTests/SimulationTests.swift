import Foundation
import ScriptedOpenCode
import TestSupport
import Testing

/// The promises, under schedules that a seed draws. `REPRISE_SIMULATION_SEED` runs one seed only, `REPRISE_SIMULATION_STEPS` so many steps of it.
@Suite(.ownThread) struct SimulationTests {
    @Test func `subscribers and publishers`() { SeedSweep(ScheduleKind()).run(seeds: 0..<UInt64(60 * SeedSweep.scale)) }

    @Test(arguments: ScriptedGeneration.allCases) func `sessions of an OpenCode, and commands`(_ generation: ScriptedGeneration) {
        SeedSweep(ScheduleKind(steps: 600, upstream: generation)).run(seeds: 0..<UInt64(20 * SeedSweep.scale))
    }

    @Test(arguments: ScriptedGeneration.allCases)
    func `sessions of an OpenCode that asks, and replies and stops`(_ generation: ScriptedGeneration) {
        SeedSweep(ScheduleKind(steps: 600, upstream: generation, asks: true)).run(seeds: 0..<UInt64(20 * SeedSweep.scale))
    }

    @Test(arguments: RegressionSeed.all) func `a schedule that has found something stays clean`(_ found: RegressionSeed) {
        let kind = ScheduleKind(steps: found.steps, upstream: found.generation, asks: found.asks)
        let simulation = Simulation(seed: found.seed, kind)
        if let violation = simulation.run() { Issue.record("\(found): \(violation)") }
    }

    /// Nothing of it comes from the machine that it runs on: neither a time, nor chance, nor the order in which a set is walked.
    @Test(arguments: [nil] + ScriptedGeneration.allCases) func `one seed is one schedule, to the byte`(_ generation: ScriptedGeneration?) {
        let kind = ScheduleKind(steps: 600, upstream: generation, asks: generation != nil, isDigested: true)
        for seed in 0..<UInt64(4 * SeedSweep.scale) as Range<UInt64> {
            let (first, second) = (Simulation(seed: seed, kind), Simulation(seed: seed, kind))
            _ = (first.run(), second.run())
            #expect(first.trace == second.trace && first.steps == second.steps, "seed \(seed)")
        }
    }
}
