// Cases that share one OpenCode and one program in front of it. When all have run, the program goes on alone, and each session must be what
// OpenCode last gave.

import Foundation
import Reactor
import Synchronization
import TestSupport
import Wire

struct CaseGroup {
    let name: String
    let generation: OpenCodeGeneration
    var manner = RealOpenCode.Manner.server
    let cases: [EqualityCase]
    /// How many run at once.
    var threads = 6
    /// OpenCode dies in all of them.
    var isDeadly = false

    static func all(_ generation: OpenCodeGeneration) -> [CaseGroup] {
        let cases = EqualityCase.all(generation)
        func those(_ isWanted: (String) -> Bool) -> [EqualityCase] { cases.filter { isWanted($0.name) } }
        let alone: Set = ["config_change", "global_dispose", "location_reload", "slow_reader", "overrun_flood"]
        func isDeadly(_ name: String) -> Bool { name.hasPrefix("kill_") || name.hasPrefix("term_") || name.hasPrefix("service_") }
        let kills = those { $0.hasPrefix("kill_") }
        let terms = those { $0.hasPrefix("term_") }
        var groups = [
            CaseGroup(name: "together", generation: generation, cases: those { !isDeadly($0) && !alone.contains($0) }),
            CaseGroup(name: "one by one", generation: generation, cases: those(alone.contains), threads: 1),
            CaseGroup(name: "killed", generation: generation, cases: kills, threads: kills.count, isDeadly: true),
            CaseGroup(name: "terminated", generation: generation, cases: terms, threads: terms.count, isDeadly: true),
        ]
        groups += those { $0.hasPrefix("service_") }.map {
            CaseGroup(name: $0.name, generation: generation, manner: .service, cases: [$0], threads: 1, isDeadly: true)
        }
        return groups.filter { !$0.cases.isEmpty }
    }

    func run() -> [EqualityCase: CaseOutcome] {
        do {
            let opencode = try RealOpenCode(generation, as: manner)
            defer { opencode.stop() }
            let relay = try RelayProcess(
                ["--opencode", opencode.url, "--directory", opencode.folder.path], environment: ["OPENCODE_PASSWORD": opencode.password])
            try relay.program.error(with: "upstream connected")
            let fixture = try EqualityFixture(opencode, relay.api, dying: isDeadly ? cases.count : 0)
            var runs = runAll(fixture)
            for equalityCase in runs.keys { runs[equalityCase]?.compare(fixture) }
            opencode.kill()
            try relay.kill()
            relay.arguments = ["--opencode", "none"]
            try relay.start()
            for equalityCase in runs.keys { runs[equalityCase]?.compareAgain(relay.api) }
            if runs.values.contains(where: { !$0.outcome.differences.isEmpty || $0.outcome.failure != nil }) {
                print(relay.program.errors.suffix(4000))
            }
            try relay.drain()
            return runs.mapValues(\.outcome)
        } catch {
            return Dictionary(uniqueKeysWithValues: cases.map { ($0, CaseOutcome(failure: "\(name): \(error)")) })
        }
    }

    /// Runs all cases, each on a thread of its own.
    private func runAll(_ fixture: EqualityFixture) -> [EqualityCase: CaseRun] {
        let (waiting, done) = (BlockingQueue<EqualityCase>(), BlockingQueue<(EqualityCase, CaseRun)>())
        for equalityCase in cases { waiting.post(always: equalityCase) }
        waiting.close()
        for _ in 0..<min(threads, cases.count) {
            Thread.detachNewThread {
                while let equalityCase = waiting.take() { done.post(always: (equalityCase, CaseRun.of(equalityCase, fixture))) }
            }
        }
        var runs: [EqualityCase: CaseRun] = [:]
        while runs.count < cases.count, let more = done.takeAll(within: .seconds(300)), !more.isEmpty {
            for (equalityCase, run) in more { runs[equalityCase] = run }
        }
        return runs
    }
}
