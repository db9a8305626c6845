// Ingest as a pure machine: inputs in, actions out; no socket, no file, no clock. It follows one OpenCode: routes frames to their
// sessions' translators, holds a session's frames while the session is loaded from the log or read again, says outages, heals, imports.
//
// The rule that keeps it right: a session's events are appended in the order in which their frames came, and what a read says is compared
// with the log only after all that was appended for the session is committed, and before any frame that came since is translated.
//
// What a frame or a turn of the loop costs does not depend on how many sessions there are: nothing here walks all of them but a reconnect.

import EventLog
import OpenCode
import RelayProtocol
import Wire

public struct IngestMachine: Sendable {
    public enum Input: Sendable {
        /// What the log knows: at the start, and after `recall`.
        case known(KnownLog)
        /// The stream is open. Nothing is believed before its greeting came.
        case subscribed(any UpstreamAdapter)
        case frame([UInt8])
        /// A frame beyond its limit was skipped.
        case oversizeFrame(bytes: Int)
        case streamEnded
        case loaded(LoadedSession)
        case answers(exchange: Int, [UpstreamAnswer])
        case waited(exchange: Int)
        case committed(batch: Int)
        /// The log refused a batch (a full disk …): what it said is lost here and comes back by a heal.
        case refused(batch: Int)
        /// Somebody opens a session; answered by `opened` with the same ticket.
        case open(session: String, ticket: Int)
        /// OpenCode made a session for us; answered by `opened` once the log has its row.
        case created(session: String, ticket: Int)
        /// Bytes that are no frame: upstream lives.
        case heard
        /// A reply of ours is under way, to a card of this session; or a prompt, whose message will have this id.
        case acting(object: String, session: String?, by: String)
        /// It was done, or it was not.
        case acted(object: String, succeeded: Bool)
        /// OpenCode accepted a prompt that was sent then (ms since 1970): something must be heard of it.
        case prompted(session: String, sentAt: Int64)
        case woke
        /// All input of this turn of the loop was given: publish.
        case flush
        /// Reprise ends: what must be known at the next start is published.
        case stopping
    }

    public enum Action: Sendable {
        /// Load record and fold of a session from the log.
        case load(SessionLoad)
        /// Ask the log anew what it knows, after a pause: one that refuses is not asked without end.
        case recall(after: Duration)
        case send(exchange: Int, [UpstreamRequest])
        case wait(exchange: Int, Duration)
        case append(batch: Int, [Append], [Blob])
        case pauseStream, resumeStream
        /// Give the stream up and open it again, after a backoff.
        case reconnect(reason: String)
        case opened(ticket: Int, imported: Bool)
        case warn(String, session: String?)
    }

    /// Between ingest and writer at most so much; then the stream is not read.
    static let queuedBytesHigh = 64 << 20
    static let queuedBytesLow = 32 << 20
    /// Sessions that are read side by side.
    static let readsAtOnce = 4
    /// Messages of one page of a read; an import reads `importMessages` and no more.
    static let pageMessages = 50
    static let importMessages = 25
    /// Messages that are loaded from the log to compare a page with: more than a page, because upstream may have removed some.
    static let loadedMessages = 100
    /// Pages of a hundred sessions: all of them at the first connect; later the newest activity tells what changed.
    static let firstListPages = 1_000
    static let listPages = 20
    /// A wish to read again waits so long, so that many become one.
    static let readDelay: Int64 = 300
    /// What could not be read is asked for again after this (ms), doubled with each failure, at most `longestReadDelay`.
    static let failedReadDelay: Int64 = 30_000
    static let longestReadDelay: Int64 = 600_000
    /// After an accepted prompt something is heard within this, or the stream is not trusted any more (ms).
    static let promptSilence: Int64 = 15_000
    /// A session of which nothing was heard for so long, and in which nothing is under way, is let go (ms).
    public static let idleAfter: Int64 = 60_000

    let idleAfter: Int64
    var adapter: (any UpstreamAdapter)?
    var isConnected = false
    var refusals = Refusals()
    var feeds = SessionFeeds()
    /// Sessions that are not followed now, as they were last known.
    var catalog: [String: KnownSession] = [:]
    var wakes = WakeQueue()
    /// Bytes of frames that wait for their session to be loaded or read.
    var waitingBytes = 0
    var attribution = Attribution()
    var publisher = Publisher()
    /// Sessions whose record goes with the next batch.
    var dueRecords: [String] = []
    var outages = Outages()
    /// ms since 1970; nil while no upstream was ever heard.
    var lastHeard: Int64?
    /// Since when the stream is read (ms since 1970): its beginning, or the end of a pause of ours.
    var listeningSince: Int64 = 0
    /// As of when the log proves it.
    var provenHeard: Int64 = 0
    var isStateDue = false
    // Reading.
    var exchanges: [Int: Exchange] = [:]
    var nextExchange = 1
    var nextLoad = 1
    var needsList = false
    /// Nothing is asked before this batch is committed.
    var readsAfter: Int?
    var isListing = false
    /// How often the list could not be read, one time after another.
    var listFailures = 0
    /// Where the list stands among the sessions that want to be looked at: no session has this name.
    static let listWake = ""
    /// What of the list was too large to be read, and was told.
    var listBounds: [String] = []
    var readQueue: [String] = []
    /// Sessions that are read, or wait for it.
    var reading: Set<String> = []
    var readsRunning = 0
    /// Their next step waits for what was said of them to be committed.
    var awaitingCommit: Set<String> = []
    var openTickets: [String: [Int]] = [:]
    /// Answered when what was published with them is committed.
    var dueTickets: [Int] = []
    var ticketsOfBatch: [Int: [Int]] = [:]
    var actions: [Action] = []
    /// ms since 1970 of the input that is handled.
    var now: Int64 = 0

    public init(idleAfter: Int64 = Self.idleAfter) { self.idleAfter = idleAfter }

    /// When `woke` is wanted next (ms since 1970).
    public var nextWake: Int64? { wakes.next }
    /// The stream is open and has greeted.
    public var isLive: Bool { isConnected }
    /// The log has all that was said, or has refused it.
    public var isSettled: Bool { publisher.mark == nil && dueRecords.isEmpty && !isStateDue }
    /// The payload of the event that has closed a card since a reply to it is under way; nil where the stream has told of none.
    public func closing(of card: String) -> [UInt8]? { attribution.closing(of: card) }
    /// Sessions whose translators are in memory.
    public var followedSessions: Int { feeds.count }

    public mutating func receive(_ input: Input, now: Int64) -> [Action] {
        self.now = now
        switch input {
        case .known(let log): known(log)
        case .subscribed(let adapter): subscribed(adapter)
        case .frame(let bytes): frame(bytes)
        case .oversizeFrame(let bytes): oversize(bytes)
        case .streamEnded: ended()
        case .loaded(let loaded): self.loaded(loaded)
        case .answers(let exchange, let answers): answered(exchange, answers)
        case .waited(let exchange): answered(exchange, [])
        case .committed(let batch): committed(batch)
        case .refused(let batch): refused(batch)
        case .open(let session, let ticket): open(session, ticket)
        case .created(let session, let ticket): created(session, ticket)
        case .heard: heard()
        case .acting(let object, let session, let by): attribution.begin(object, session: session, by: by)
        case .acted(let object, let succeeded): acted(object, succeeded)
        case .prompted(let session, let sentAt): expect(session, sentAt)
        case .woke: wake()
        case .flush: publish()
        case .stopping: stopping()
        }
        boundStream()
        guard !actions.isEmpty else { return [] }
        defer { actions = [] }
        return actions
    }
}
