// Where some plays are given at once: one OpenCode, one program in front of it. When all are over the program goes on alone, and each session
// must be what OpenCode last gave.

import Foundation
import Reactor
import Synchronization
import TestSupport
import Wire

struct House {
    let name: String
    let generation: OpenCodeGeneration
    var manner = RealOpenCode.Manner.server
    let plays: [Play]
    /// How many are given at once.
    var stages = 6
    /// OpenCode dies in all of them.
    var isDeadly = false

    static func all(_ generation: OpenCodeGeneration) -> [House] {
        let plays = Play.all(generation)
        func those(_ isWanted: (String) -> Bool) -> [Play] { plays.filter { isWanted($0.name) } }
        let alone: Set = ["config_change", "global_dispose", "location_reload", "slow_reader", "overrun_flood"]
        func isDeadly(_ name: String) -> Bool { name.hasPrefix("kill_") || name.hasPrefix("term_") || name.hasPrefix("service_") }
        let kills = those { $0.hasPrefix("kill_") }
        let terms = those { $0.hasPrefix("term_") }
        var houses = [
            House(name: "together", generation: generation, plays: those { !isDeadly($0) && !alone.contains($0) }),
            House(name: "one by one", generation: generation, plays: those(alone.contains), stages: 1),
            House(name: "killed", generation: generation, plays: kills, stages: kills.count, isDeadly: true),
            House(name: "terminated", generation: generation, plays: terms, stages: terms.count, isDeadly: true),
        ]
        houses += those { $0.hasPrefix("service_") }.map {
            House(name: $0.name, generation: generation, manner: .service, plays: [$0], stages: 1, isDeadly: true)
        }
        return houses.filter { !$0.plays.isEmpty }
    }

    func play() -> [Play: PlayOutcome] {
        do {
            let opencode = try RealOpenCode(generation, as: manner)
            defer { opencode.stop() }
            let relay = try RelayProcess(
                ["--opencode", opencode.url, "--directory", opencode.folder.path], environment: ["OPENCODE_PASSWORD": opencode.password])
            try relay.program.error(with: "upstream connected")
            let company = try Company(opencode, relay.door, dying: isDeadly ? plays.count : 0)
            var given = give(company)
            for play in given.keys { given[play]?.compare(company) }
            opencode.kill()
            try relay.kill()
            relay.arguments = ["--opencode", "none"]
            try relay.start()
            for play in given.keys { given[play]?.compareAgain(relay.door) }
            if given.values.contains(where: { !$0.outcome.differences.isEmpty || $0.outcome.failure != nil }) {
                print(relay.program.errors.suffix(4000))
            }
            try relay.drain()
            return given.mapValues(\.outcome)
        } catch {
            return Dictionary(uniqueKeysWithValues: plays.map { ($0, PlayOutcome(failure: "\(name): \(error)")) })
        }
    }

    /// Gives all plays, each on a thread of its own.
    private func give(_ company: Company) -> [Play: Performance] {
        let (waiting, done) = (BlockingQueue<Play>(), BlockingQueue<(Play, Performance)>())
        for play in plays { waiting.post(always: play) }
        waiting.close()
        for _ in 0..<min(stages, plays.count) {
            Thread.detachNewThread {
                while let play = waiting.take() { done.post(always: (play, Performance.of(play, company))) }
            }
        }
        var given: [Play: Performance] = [:]
        while given.count < plays.count, let more = done.takeAll(within: .seconds(300)), !more.isEmpty {
            for (play, performance) in more { given[play] = performance }
        }
        return given
    }
}
