// The lines of one topic that one commit added, as the writer made them: shared by all loops, never changed.

import RelayProtocol

public struct LineBatch: Sendable {
    /// The last position before these lines.
    public var previous: Position
    public var last: Position
    /// Of all of them.
    public var epoch: Epoch
    /// Event lines, each with its LF.
    public var bytes: [UInt8]
    /// Where each line ends in `bytes`.
    public var ends: [Int32]
    public var offsets: [UInt64]

    public init(previous: Position, last: Position, epoch: Epoch, bytes: [UInt8], ends: [Int32], offsets: [UInt64]) {
        (self.previous, self.last, self.epoch) = (previous, last, epoch)
        (self.bytes, self.ends, self.offsets) = (bytes, ends, offsets)
    }
}
