// A number that any thread may change without a lock and any thread may read.

import Synchronization

public final class Counter: Sendable {
    // reads and writes: anywhere. Relaxed: nothing else is ordered by it.
    private let number = Atomic<Int>(0)

    init() {}

    public var value: Int { number.load(ordering: .relaxed) }

    public func add(_ amount: Int = 1) { number.wrappingAdd(amount, ordering: .relaxed) }

    /// For what goes down as well: connections that are open, bytes that wait.
    public func subtract(_ amount: Int = 1) { number.wrappingSubtract(amount, ordering: .relaxed) }

    public func set(_ value: Int) { number.store(value, ordering: .relaxed) }
}
