// One event of a text/event-stream, as it was framed: the fields that this frame had, not what earlier ones left.

public struct SSEFrame: Sendable, Equatable {
    /// The frame's own `id`; nil if it had none, or one with a NUL (which the standard ignores).
    public var id: [UInt8]?
    /// The frame's `event`; nil stands for `message`.
    public var event: [UInt8]?
    /// The `data` lines, joined by LF.
    public var data: [UInt8]
    /// The frame's `retry`, in milliseconds.
    public var retry: Int?

    public init(id: [UInt8]? = nil, event: [UInt8]? = nil, data: [UInt8], retry: Int? = nil) {
        self.id = id
        self.event = event
        self.data = data
        self.retry = retry
    }
}
