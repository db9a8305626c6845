// The seam between the generations of OpenCode and everything else. An adapter is a set of pure functions and machines: it says which
// requests to send and what their answers and the stream's frames mean in the words of a session's log. It opens no socket and reads no
// clock. Nothing outside this target may know which adapter runs.

import RelayProtocol
import Wire

/// One generation of OpenCode.
public protocol UpstreamAdapter: Sendable {
    /// Heads every record; a record that another generation wrote counts as none, but for the directory.
    var generation: String { get }

    // Following.

    /// The stream of all sessions' events.
    var streamRequest: UpstreamRequest { get }
    /// A stream without a byte for so long is dead (comments count).
    var silenceLimit: Duration { get }
    /// Whose frame it is. Cheap: called for every frame.
    func route(_ frame: JSONValue) -> FrameRoute
    /// A frame that belongs to no session, as an event of the topic `opencode`; nil for what is left out by name.
    func serverEvent(_ frame: JSONValue) -> Event?

    // Translating.

    /// The translator of one session, as the log left it: `record` is what its predecessor had committed (also of another generation),
    /// `held` the fold of what the log holds (newest messages only).
    func translator(session: String, record: [UInt8]?, held: FoldedSession) -> any SessionTranslator

    // Reading. Reads are mapped by the same functions as events: one object of upstream has one mapping.

    /// All sessions (rows and who is busy), newest activity first; `pages` bounds the work.
    func listSessions(pages: Int) -> any UpstreamExchange<SessionListRead>
    /// One session: row, status, cards, tasks, inbox and messages from the newest back to `until` (a message known whole) or `limit`.
    func readSession(_ session: String, directory: String?, until: String?, limit: Int) -> any UpstreamExchange<SessionRead>
    /// Messages alone, at most `limit` of them: those before the place that a read gave as `older`.
    func readOlder(_ session: String, directory: String?, before older: String, limit: Int) -> any UpstreamExchange<SessionRead>

    // Acting.

    /// Ids that are committed before anything goes upstream, so that a command can be looked up after a crash.
    func identifiers(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String]
    /// A command as requests. `checkpoint` is what this exchange last asked to be committed; `settling` is true after a crash or a lost
    /// answer: look first, then act.
    func perform(_ command: UpstreamCommand, identifiers: [String], checkpoint: [UInt8]?, settling: Bool) -> any UpstreamExchange<
        CommandResult
    >
}

/// Where a frame of the stream goes.
public enum FrameRoute: Sendable, Equatable {
    /// The stream's greeting.
    case connected
    case session(String)
    case server
    /// A heartbeat, a twin: nothing to do.
    case ignored
}

/// From frames to events, for one session. A value: what it knows between two frames is its record and the objects that are open.
public protocol SessionTranslator: Sendable {
    /// `now` is ms since 1970.
    mutating func receive(_ frame: JSONValue, now: Int64) -> Translation
    /// What a read says of turn, status and cards (its objects are compared by the healer before). Called after each heal and import.
    mutating func settle(_ read: SessionRead, now: Int64) -> Translation
    /// A time that was asked for by `Wish.wake` has come.
    mutating func wake(now: Int64) -> Translation
    /// What must be known after a restart: small, opaque, headed by the generation. Committed with the events that taught it.
    var record: [UInt8] { get }
    var directory: String? { get }
    /// Something is running or asked: an outage is told in this session's topic.
    var isBusy: Bool { get }
}

/// What a frame means.
public struct Translation: Sendable {
    public var events: [Event] = []
    public var wishes: [Wish] = []
    public init(events: [Event] = [], wishes: [Wish] = []) {
        self.events = events
        self.wishes = wishes
    }
}

/// What a translator would like to know.
public enum Wish: Sendable, Equatable {
    /// Read this session again: a fact was missed, or cannot be told from the frame.
    case read
    /// Call `wake` at this time (ms since 1970).
    case wake(at: Int64)
}

/// A request to OpenCode, without host and credentials.
public struct UpstreamRequest: Sendable, Equatable {
    public var method: String
    /// Path and query, percent-encoded.
    public var target: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?

    public init(_ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    public static func == (a: UpstreamRequest, b: UpstreamRequest) -> Bool {
        a.method == b.method && a.target == b.target && a.body == b.body && a.headers.elementsEqual(b.headers, by: ==)
    }
}

/// The answer to a request, or why there is none.
public enum UpstreamAnswer: Sendable {
    case answered(status: Int, isJSON: Bool, headers: [(name: String, value: String)], body: [UInt8])
    /// It was larger than anybody may make us hold, and is not read.
    case tooLarge
    /// Nobody was reached, or the answer was cut; `mayHaveArrived` is false when nothing of the request was sent.
    case unreachable(mayHaveArrived: Bool)
    /// It was reached, as far as anybody can tell, and did not answer in time; what was asked may have arrived.
    case late
}

/// A conversation with OpenCode as a pure machine: give it the answers to what it asked, in order, and do what it says next.
public protocol UpstreamExchange<Output>: Sendable {
    associatedtype Output: Sendable
    /// The first call has no answers.
    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<Output>
}

public enum ExchangeStep<Output: Sendable>: Sendable {
    /// Send these, side by side, and come back with all answers in this order.
    case send([UpstreamRequest])
    /// Come back (without answers) after this time.
    case wait(Duration)
    /// Commit this with the command, then come back (without answers): after a crash the exchange begins with it.
    case checkpoint([UInt8])
    case done(Output)
    case failed(UpstreamFailure)
}

public enum UpstreamFailure: Error, Sendable, Equatable {
    case unreachable
    /// No answer in time: of what was asked, perhaps, and not of the server.
    case late
    case unauthorized
    /// A status or a body that the adapter cannot use; `detail` holds no payload.
    case unexpected(status: Int, detail: String)
}

/// For an operator.
extension UpstreamFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable: "unreachable"
        case .late: "no answer in time"
        case .unauthorized: "unauthorized: give its password as OPENCODE_PASSWORD"
        case .unexpected(let status, let detail): "\(detail) (\(status))"
        }
    }
}
