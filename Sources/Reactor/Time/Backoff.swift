// How long to wait before the next try: each time up to twice as long, and anything between nothing and that ("full
// jitter"), so that many who lost the same server do not come back together.

public struct Backoff: Sendable, Equatable {
    private let base: Duration
    private let cap: Duration
    private var bound: Duration

    /// - Parameters:
    ///   - base: the bound of the first wait.
    ///   - cap: the bound that is never passed.
    public init(base: Duration, cap: Duration) {
        precondition(base > .zero && cap >= base)
        (self.base, self.cap, bound) = (base, cap, base)
    }

    /// The next wait; its bound doubles.
    public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let wait = Duration.nanoseconds(Int64.random(in: 0...bound.nanoseconds, using: &generator))
        bound = min(bound * 2, cap)
        return wait
    }

    /// It went well: the next wait is a first one.
    public mutating func reset() { bound = base }
}
