// Randomness that can be had again: the seed is printed, and taken back from REPRISE_SEED. REPRISE_TEST_SCALE says how much of it: 1, the
// default, is quick.

import Foundation
import Reactor

public struct Seed: RandomNumberGenerator, Sendable {
    private var generator: SeededGenerator
    /// What it began with.
    public let first: UInt64

    /// Printed under this name, so that a failure can be played again.
    public init(for name: String) {
        let given = ProcessInfo.processInfo.environment["REPRISE_SEED"].flatMap { UInt64($0) }
        self.init(given ?? .random(in: 0...(.max)))
        print("seed of \(name): REPRISE_SEED=\(first)")
    }

    public init(_ first: UInt64) { (generator, self.first) = (SeededGenerator(seed: first), first) }

    public mutating func next() -> UInt64 { generator.next() }

    /// Another, independent of what this one gives from now on.
    public mutating func fork() -> Seed { Seed(next()) }

    /// Between the bounds, each order of magnitude as likely as the other.
    public mutating func magnitude(in range: ClosedRange<Int>) -> Int {
        Int(exp(Double.random(in: log(Double(range.lowerBound))...log(Double(range.upperBound)), using: &self)))
    }
}

public enum TestScale {
    public static let factor = ProcessInfo.processInfo.environment["REPRISE_TEST_SCALE"].flatMap { Int($0) } ?? 1
}
