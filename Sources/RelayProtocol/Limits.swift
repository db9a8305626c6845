// Every bound of the protocol in one place: what happens when it is hit, and what the peer sees. Relations between them are asserted in
// LimitsTests. Bounds of single mechanisms (a parser's line, a retry's delay) stand where the mechanism stands.

public enum Limits {
    // Lines and events.

    /// A line with its envelope and its LF. No line is longer: what does not fit is cut out to blobs, then told as a notice.
    public static let lineBytes = 1 << 20
    /// An event's payload. A publisher that is over it gets `payload_too_large`; of an upstream event a notice `oversize` is logged.
    public static let eventBytes = lineBytes - 4096
    /// Nesting of a body, a frame or a message that somebody sends us. Deeper: `invalid_json`.
    public static let depth = 128
    /// Nesting of our own lines and answers: what was sent, inside an event, a part, a message, a state and a line.
    public static let lineDepth = depth + 16
    /// Who caused an event (`by`).
    public static let byBytes = 64
    /// A string of an upstream event, as JSON between its quotes: over it, it is cut out to a blob.
    public static let stringBytes = 64 << 10
    /// The same for the `text` of text and reasoning parts.
    public static let textBytes = 512 << 10
    /// A delta's text: a longer one is logged in pieces (it is appended, so it cannot be a blob).
    public static let deltaBytes = 32 << 10
    /// A frame of upstream's stream. A larger one is skipped with a notice, and its session is read again.
    public static let upstreamFrameBytes = 16 << 20

    // Requests.

    /// A request line. Over it: 414 `uri_too_long`.
    public static let requestLineBytes = 8 << 10
    /// All header fields. Over it: 431 `headers_too_large`.
    public static let headBytes = 32 << 10
    public static let headerCount = 100
    /// A body, decoded: of a prompt (with its files as `data:` URLs) and of a publish. Over it: 413 `payload_too_large`.
    public static let bodyBytes = 16 << 20
    /// The body of any other command. Over it: 413.
    public static let commandBodyBytes = 64 << 10
    /// Events of one publish. Over it: 413, nothing is stored.
    public static let batchEvents = 10_000
    /// A message from a WebSocket client. Over it: close 1009.
    public static let messageBytes = 1 << 20
    /// An `Idempotency-Key`: visible ASCII. Else: 400 `bad_request`.
    public static let idempotencyKeyBytes = 128
    public static let idempotencyHours = 24

    // Ids and names. Over them: 400, or 404 where the id would name something.

    public static let topicNameBytes = 128
    public static let commandIDBytes = 64
    /// What a client may give as `after`. Longer: not valid, so answered by `gap`.
    public static let positionBytes = 64
    /// Ids of sessions, messages, parts, cards in a URL or a command.
    public static let idBytes = 256
    public static let titleBytes = 1024
    public static let pathBytes = 4096
    /// An agent's, provider's, model's or variant's name.
    public static let nameBytes = 256
    /// Parts of one prompt.
    public static let promptParts = 100

    // Pages.

    /// Messages of a page of a session, by default and at most …
    public static let pageMessages = 25
    public static let mostPageMessages = 100
    /// … a page ends here, but never before one message …
    public static let pageBytes = 256 << 10
    /// … and a message that is longer than this stands there with its largest values as blobs.
    public static let longestPageBytes = 768 << 10
    /// Events of an NDJSON page. A larger `limit` is taken as this.
    public static let pageEvents = 1000
    public static let mostPageEvents = 10_000
    /// Bytes of lines of an NDJSON page: it ends early, `end` says where to go on.
    public static let pageLineBytes = 4 << 20
    /// Rows of a list (sessions, topics).
    public static let listRows = 50
    public static let mostListRows = 200

    // Time.

    /// A connection hears something at least so often.
    public static let heartbeatMilliseconds = 25_000
    /// `wait=` of a long-poll. A larger one is taken as this.
    public static let waitSeconds = 60
    /// A GET of a session waits so long for its import, then answers with `"imported": false`.
    public static let importSeconds = 5
    /// A reader whose kernel answers and takes no byte for so long is cut off, with a reset: nothing can be said to it.
    public static let stalledSeconds = 600
    /// A reader whose kernel does not answer for so long, and not to two questions either, is gone: cut off, too.
    public static let silentSeconds = 85
    /// From upgrade or connect to the last byte of the request's head. Over it: 408 `request_timeout`.
    public static let headSeconds = 10
    /// For a body that does not come with its head, and one more for each so many bytes of it. Over it: 408, too.
    public static let bodySeconds = 30
    public static let bodyBytesPerSecond = 16 << 10

    // Memory.

    /// The first ring of a topic on a loop; it doubles up to the largest. A line over half the ring goes to readers from the log.
    public static let ringBytes = 16 << 10
    public static let largestRingBytes = 4 << 20
    public static let allRingsBytes = 256 << 20
    /// Before the writer, bodies that wait to be looked through among them: full, ingest stops reading upstream, and publishes and prompts get
    /// 503 `overloaded`.
    public static let writerQueueBytes = 64 << 20

    // Topics of the engine's own.

    public static let opencodeEvents = 10_000
    public static let lobbyEvents = 100_000
}
