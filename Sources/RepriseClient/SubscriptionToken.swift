// A subscription as the loop knows it: by a number.

import Synchronization

/// Ends the subscription when the iterator is gone.
final class SubscriptionToken: Sendable {
    private static let count = Atomic<Int>(0)
    let number: Int
    private let end: @Sendable (Int) -> Void

    init(end: @escaping @Sendable (Int) -> Void) {
        number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        self.end = end
    }

    deinit { end(number) }
}
