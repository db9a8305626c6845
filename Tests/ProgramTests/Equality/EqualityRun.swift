// A generation's cases, all of them, on as few servers as can be: several at once, those in which OpenCode dies together. What comes of each is
// kept for the tests, one by one. Everything that was started has ended when it is over.

import Foundation
import Reactor
import Synchronization
import TestSupport
import Wire

final class EqualityRun: Sendable {
    static let first = EqualityRun(.first)
    static let second = EqualityRun(.second)
    static func of(_ generation: OpenCodeGeneration) -> EqualityRun { generation == .first ? first : second }

    private let generation: OpenCodeGeneration
    // reads: lock; writes: lock
    private let outcomes = Mutex<[EqualityCase: CaseOutcome]?>(nil)

    private init(_ generation: OpenCodeGeneration) { self.generation = generation }

    /// What came of a case; the first who asks has all of them run.
    func outcome(of equalityCase: EqualityCase) -> CaseOutcome {
        outcomes.withLock { outcomes in
            if outcomes == nil { outcomes = runAll() }
            return outcomes?[equalityCase] ?? CaseOutcome(failure: "it did not run")
        }
    }

    private func runAll() -> [EqualityCase: CaseOutcome] {
        var outcomes: [EqualityCase: CaseOutcome] = [:]
        for group in CaseGroup.all(generation) {
            let begun = ContinuousClock.now
            let runs = group.run()
            outcomes.merge(runs) { $1 }
            for (equalityCase, outcome) in runs.sorted(by: { $0.key.name < $1.key.name }) { print(outcome.summary(of: equalityCase)) }
            print("\(generation), \(group.name): \(group.cases.count) cases in \(ContinuousClock.now - begun)")
        }
        return outcomes
    }
}
