/// What became of bytes that were offered to the kernel.
public enum SendResult: Sendable, Equatable {
    /// So many were taken. When it is less than was offered, `connectionCanWrite` follows.
    case sent(Int)
    /// None were taken; `connectionCanWrite` follows.
    case wouldBlock
    /// The connection is closed, or this side has ended.
    case closed
}
