// One life of a topic, so that offsets of different lives are never taken for each other.

/// The life of a topic between two starts of the process (or two creations of the topic): the number of the database's start and a
/// random id. `0000-00000` is no epoch; it marks the position before every first event.
public struct Epoch: Sendable, Hashable, Comparable {
    /// Number of this database's starts, 1 … 1,679,615 (four digits, base 36).
    public let start: UInt32
    /// Random, below 36⁵.
    public let random: UInt32

    public static let startLimit: UInt32 = 36 * 36 * 36 * 36
    public static let randomLimit: UInt32 = startLimit * 36

    public init(start: UInt32, random: UInt32) {
        precondition(start < Self.startLimit && random < Self.randomLimit)
        self.start = start
        self.random = random
    }

    public static func < (a: Epoch, b: Epoch) -> Bool { (a.start, a.random) < (b.start, b.random) }
}
