// How patient a client is, and how much it takes.

public struct RepriseOptions: Sendable {
    /// One try of a request, from its place in the queue to the last byte of its answer. A body adds a millisecond for 16 bytes; a create has
    /// 30 s more: so long the server waits for OpenCode to make the session. One try of a command has a third of `commandTimeout` at most, or a
    /// second where that is less.
    public var requestTimeout = Duration.seconds(90)
    /// How long a command or a publish is tried again before it fails; the same id is used throughout.
    public var commandTimeout = Duration.seconds(600)
    /// The same of a stop that names no turn: one that arrives minutes later would stop what runs then.
    public var unnamedStopTimeout = Duration.seconds(5)
    public var backoffBase = Duration.seconds(1)
    public var backoffCap = Duration.seconds(30)
    /// Called when a command or a publish waits to be tried again, with the reason; on the thread of whoever asked.
    public var onWait: (@Sendable (RepriseError) -> Void)?
    /// Called before a command or a publish fails of which nobody knows whether it was taken: a try may have arrived, and its answer was
    /// lost. On the thread of whoever asked.
    public var onLostAnswer: (@Sendable () -> Void)?
    /// Lines that wait for the consumer of a subscription; beyond, the connection is not read.
    public var bufferedItems = 4096
    /// The largest message that is taken.
    public var messageBytes = 16 << 20
    public init() {}
}
