// How much of a message is taken before the connection is failed with 1009.

public struct WebSocketLimits: Sendable, Equatable {
    /// A whole message, over all its frames.
    public var messageBytes: Int
    /// The payload of one frame, judged by its declared length.
    public var frameBytes: Int

    public init(messageBytes: Int = 1 << 20, frameBytes: Int = .max) {
        self.messageBytes = messageBytes
        self.frameBytes = frameBytes
    }
}
