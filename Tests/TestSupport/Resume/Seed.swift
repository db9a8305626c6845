// Randomness that can be had again: the seed is printed, and taken back from REPRISE_SEED. REPRISE_TEST_SCALE says how much of it: 1, the
// default, is quick.

import Foundation

public struct Seed: RandomNumberGenerator, Sendable {
    private var state: UInt64
    /// What it began with.
    public let first: UInt64

    /// Printed under this name, so that a failure can be played again.
    public init(for name: String) {
        let given = ProcessInfo.processInfo.environment["REPRISE_SEED"].flatMap { UInt64($0) }
        state = given ?? .random(in: 0...(.max))
        first = state
        print("seed of \(name): REPRISE_SEED=\(state)")
    }

    public init(_ state: UInt64) { (self.state, first) = (state, state) }

    /// SplitMix64.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

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
