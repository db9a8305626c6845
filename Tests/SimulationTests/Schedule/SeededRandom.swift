// All that is random in a schedule comes from here, so that a seed is a schedule.

import Reactor

struct SeededRandom: RandomNumberGenerator {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next() -> UInt64 { generator.next() }

    mutating func chance(perMille: Int) -> Bool { Int.random(in: 0..<1000, using: &self) < perMille }
    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func pick<T>(_ items: [T]) -> T? { items.randomElement(using: &self) }
    /// A generator of its own, for a part that draws when it likes.
    mutating func fork() -> SeededRandom { SeededRandom(seed: next()) }
}
