// A connection on its way from the loop that accepted it to the loop it will live on. Dropped on the way, it closes.

import Synchronization

public final class AcceptedSocket: Sendable {
    private static let none: Int32 = -1
    // exchanged once: whoever gets the number owns it
    private let number: Atomic<Int32>

    public init(_ descriptor: consuming Descriptor) {
        number = Atomic(descriptor.release())
    }

    /// The descriptor, for the first who asks.
    public func take() -> Descriptor? {
        let taken = number.exchange(Self.none, ordering: .acquiringAndReleasing)
        return taken == Self.none ? nil : Descriptor(owning: taken)
    }

    deinit { _ = take() }
}
