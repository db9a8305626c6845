// Where bytes stop being JSON.

/// Why bytes are not JSON, and where.
public struct JSONError: Error, Sendable, Equatable {
    /// Byte offset of the first byte that cannot stand there.
    public let offset: Int
    public let reason: String
}
