// The time of day, for what people read and what is stored. Durations are measured with `Instant`.

/// Where a component gets the time of day from, so that a test can say what time it is.
public protocol WallTime: Sendable {
    /// Milliseconds since 1970.
    var now: Int64 { get }
}

/// The machine's clock. It can be set back; nothing may rely on its order.
public struct WallClock: WallTime {
    public init() {}
    public var now: Int64 { Self.now }
}
