// How much of a message is taken before it is refused. Nothing is buffered beyond these and what the owner feeds at once.

public struct HTTPLimits: Sendable, Equatable {
    /// The request line or status line, without its end. Over it: 414.
    public var requestLineBytes: Int
    /// All field lines of a head, with their ends. Over it: 431. Trailers have the same bound.
    public var headBytes: Int
    /// Field lines. Over it: 431.
    public var headerCount: Int
    /// A body, decoded. Over it: 413, at the declared length if there is one. The owner may set it anew after each head.
    public var bodyBytes: Int

    public init(requestLineBytes: Int = 8 << 10, headBytes: Int = 32 << 10, headerCount: Int = 100, bodyBytes: Int = 1 << 20) {
        self.requestLineBytes = requestLineBytes
        self.headBytes = headBytes
        self.headerCount = headerCount
        self.bodyBytes = bodyBytes
    }

    /// The line that opens a chunk: sixteen digits and whatever extensions fit.
    static let chunkLineBytes = 512
    /// Extensions over a whole body: a peer that sends more of them than this is not sending data.
    static let chunkExtensionBytes = 16 << 10
}
