// How patient a client is, and how much it takes.

public struct RepriseOptions: Sendable {
    /// One try of a request, from its place in the queue to the last byte of its answer; a body adds a millisecond for 16 bytes.
    public var requestTimeout = Duration.seconds(90)
    /// How long a command or a publish is tried again before it fails; the same id is used throughout.
    public var commandTimeout = Duration.seconds(600)
    public var backoffBase = Duration.seconds(1)
    public var backoffCap = Duration.seconds(30)
    /// Called when a command or a publish waits to be tried again, with the reason; on the thread of whoever asked.
    public var onWait: (@Sendable (RepriseError) -> Void)?
    /// Lines that wait for the consumer of a subscription; beyond, the connection is not read.
    public var bufferedItems = 4096
    /// The largest message that is taken.
    public var messageBytes = 16 << 20
    public init() {}
}
