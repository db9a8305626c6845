// A generation's plays, all of them, on as few servers as can be: several at once, those in which OpenCode dies together. What comes of each is
// kept for the tests, one by one. Everything that was started has ended when it is over.

import Foundation
import Reactor
import Synchronization
import TestSupport
import Wire

final class Season: Sendable {
    static let first = Season(.first)
    static let second = Season(.second)
    static func of(_ generation: OpenCodeGeneration) -> Season { generation == .first ? first : second }

    private let generation: OpenCodeGeneration
    // reads: lock; writes: lock
    private let played = Mutex<[Play: PlayOutcome]?>(nil)

    private init(_ generation: OpenCodeGeneration) { self.generation = generation }

    /// What came of a play; the first who asks has all of them played.
    func outcome(of play: Play) -> PlayOutcome {
        played.withLock { played in
            if played == nil { played = playAll() }
            return played?[play] ?? PlayOutcome(failure: "it was not played")
        }
    }

    private func playAll() -> [Play: PlayOutcome] {
        var outcomes: [Play: PlayOutcome] = [:]
        for house in House.all(generation) {
            let begun = ContinuousClock.now
            let given = house.play()
            outcomes.merge(given) { $1 }
            for (play, outcome) in given.sorted(by: { $0.key.name < $1.key.name }) { print(outcome.summary(of: play)) }
            print("\(generation), \(house.name): \(house.plays.count) plays in \(ContinuousClock.now - begun)")
        }
        return outcomes
    }
}
