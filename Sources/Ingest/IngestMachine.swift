// Ingest as a pure machine: inputs in, actions out; no socket, no file, no clock. It follows one OpenCode: routes frames to their
// sessions' translators, holds a session's frames while the session is loaded from the log or read again, says outages, heals, imports.
//
// The rule that keeps it right: a session's events are appended in the order in which their frames came, and what a read says is compared
// with the log only after all that was appended for the session is committed, and before any frame that came since is translated.

import EventLog
import OpenCode
import RelayProtocol
import Wire

public struct IngestMachine: Sendable {
    public enum Input: Sendable {
        /// What the log knows, once, at the start. `lastHeard` (ms): when this log last heard of an upstream; nil for a new one.
        case known([KnownSession], lastHeard: Int64?)
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
        /// A reply of ours went upstream: the card's closing is by `by`. A prompt: its message.
        case acted(object: String, by: String)
        /// OpenCode accepted a prompt: something must be heard of it.
        case prompted(session: String)
        case woke
        /// All input of this turn of the loop was given: publish.
        case flush
    }

    public enum Action: Sendable {
        /// Load record and fold of a session from the log.
        case load(session: String)
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
    /// How many messages are loaded and read to heal; an import reads `importMessages`.
    static let healMessages = 100
    static let importMessages = 25
    /// A wish to read again waits so long, so that many become one.
    static let readDelay: Int64 = 300
    /// A session that could not be read is asked for again after this (ms).
    static let failedReadDelay: Int64 = 30_000
    /// After an accepted prompt something is heard within this, or the stream is not trusted any more (ms).
    static let promptSilence: Int64 = 15_000
    /// Objects whose actor is remembered; beyond, all are forgotten.
    static let actorLimit = 10_000

    /// Bytes of frames that wait for their session to be loaded or read.
    var waitingBytes = 0
    var adapter: (any UpstreamAdapter)?
    var isConnected = false
    var feeds: [String: SessionFeed] = [:]
    var catalog: [String: KnownSession] = [:]
    var exchanges: [Int: Exchange] = [:]
    var nextExchange = 1
    var actors: [String: String] = [:]
    var publisher = Publisher()
    var outage: Outage?
    var lastHeard: Int64?
    var needsList = false
    var isListing = false
    var readQueue: [String] = []
    /// Read, but not compared: what was said of them before is not committed yet.
    var awaitingCommit: Set<String> = []
    var openTickets: [String: [Int]] = [:]
    /// Answered when what was published with them is committed.
    var dueTickets: [Int] = []
    var ticketsOfBatch: [Int: [Int]] = [:]
    var actions: [Action] = []
    /// ms since 1970 of the input that is handled.
    var now: Int64 = 0

    public init() {}

    /// When `woke` is wanted next (ms since 1970).
    public var nextWake: Int64? { feeds.values.compactMap(\.wakeAt).min() }
    /// The stream is open and has greeted.
    public var isLive: Bool { isConnected }

    public mutating func receive(_ input: Input, now: Int64) -> [Action] {
        self.now = now
        switch input {
        case .known(let sessions, let lastHeard): start(sessions, lastHeard)
        case .subscribed(let adapter):
            self.adapter = adapter
            // A new stream is not held, whatever was.
            publisher.isHoldingStream = false
        case .frame(let bytes): frame(bytes)
        case .oversizeFrame(let bytes): oversize(bytes)
        case .streamEnded: ended()
        case .loaded(let loaded): self.loaded(loaded)
        case .answers(let exchange, let answers): answered(exchange, answers)
        case .waited(let exchange): answered(exchange, [])
        case .committed(let batch): settled(batch)
        case .refused(let batch): refused(batch)
        case .open(let session, let ticket): open(session, ticket)
        case .created(let session, let ticket): created(session, ticket)
        case .heard: lastHeard = now
        case .acted(let object, let by): note(object, by)
        case .prompted(let session): expect(session)
        case .woke: wake()
        case .flush: break
        }
        if case .flush = input { publish() }
        boundStream()
        defer { actions = [] }
        return actions
    }

    private mutating func start(_ sessions: [KnownSession], _ lastHeard: Int64?) {
        for session in sessions { catalog[session.id] = session }
        self.lastHeard = lastHeard
        outage = lastHeard.map { Outage(from: $0, sessions: Set(sessions.filter(\.isBusy).map(\.id))) }
    }

    private mutating func note(_ object: String, _ by: String) {
        if actors.count >= Self.actorLimit { actors = [:] }
        actors[object] = by
    }

    /// The turn's first events may have come before the prompt's answer: then the stream is well, however long the model thinks.
    private mutating func expect(_ session: String) {
        guard isConnected, now - (feeds[session]?.lastEventAt ?? 0) > Self.promptSilence else { return }
        feeds[session, default: SessionFeed()].expectedBy = now + Self.promptSilence
    }

    private mutating func oversize(_ bytes: Int) {
        publisher.say(.notice(kind: "oversize", text: "a frame of \(bytes) bytes from OpenCode was not read"), in: .opencode)
        for (session, feed) in feeds where feed.isBusy { wantRead(session) }
    }

    // Frames.

    private mutating func frame(_ bytes: [UInt8]) {
        lastHeard = now
        guard let adapter else { return }
        guard let frame = try? JSON.parse(bytes, depth: Limits.depth) else {
            actions.append(.warn("a frame that is not JSON was skipped", session: nil))
            return
        }
        switch adapter.route(frame) {
        case .connected: greeted()
        case _ where !isConnected: break
        case .session(let session): deliver(frame, to: session)
        case .server: if let event = adapter.serverEvent(frame) { publisher.say(event, in: .opencode) }
        case .ignored: break
        }
    }

    private mutating func deliver(_ frame: JSONValue, to session: String) {
        guard TopicName(session)?.kind == .session else { return }
        feeds[session, default: SessionFeed()].waiting.append(frame)
        waitingBytes += frame.raw.count
        advance(session)
    }

    /// Translates what waits, if the session is not being loaded or read.
    mutating func advance(_ session: String) {
        guard var feed = feeds[session] else { return }
        switch feed.phase {
        // Until the list is read nobody knows whether a session is new.
        case .new where isListing: break
        case .new:
            if catalog[session] == nil {
                feed.translator = adapter?.translator(session: session, record: nil, held: FoldedSession())
                feed.isImported = true
                feed.phase = .live
            } else {
                feed.phase = .loading
                actions.append(.load(session: session))
            }
            feeds[session] = feed
            if feed.phase == .live { advance(session) }
        // Across an outage what waits for a read waits for it with its frames.
        case .live where feed.isReadWanted && outage != nil: break
        case .live: translateWaiting(session)
        case .loading, .reading: break
        }
    }

    private mutating func translateWaiting(_ session: String) {
        guard var feed = feeds[session], var translator = feed.translator else { return }
        let frames = feed.waiting
        feed.waiting = []
        for frame in frames {
            waitingBytes -= frame.raw.count
            let translation = translator.receive(frame, now: now)
            take(translation, session, &feed)
        }
        feed.translator = translator
        feeds[session] = feed
    }

    /// Publishes a translation's events and notes its wishes.
    mutating func take(_ translation: Translation, _ session: String, _ feed: inout SessionFeed) {
        guard let topic = TopicName(session) else { return }
        for event in translation.events { publisher.say(attributed(event), in: topic) }
        if !translation.events.isEmpty {
            feed.isRecordDue = true
            feed.expectedBy = nil
            feed.lastEventAt = now
        }
        for wish in translation.wishes {
            switch wish {
            case .read: feed.readAt = min(feed.readAt ?? .max, now + Self.readDelay)
            case .wake(let at): feed.translatorWakeAt = min(feed.translatorWakeAt ?? .max, at)
            }
        }
    }

    private mutating func attributed(_ event: Event) -> Event {
        guard let id = event.id, event.by == nil else { return event }
        switch event.kind {
        case .permissionClosed, .questionClosed, .message:
            guard let by = actors.removeValue(forKey: id) else { return event }
            var event = event
            event.by = by
            return event
        default: return event
        }
    }

    private mutating func wake() {
        for session in feeds.keys {
            guard var feed = feeds[session] else { continue }
            if let at = feed.translatorWakeAt, at <= now, feed.phase == .live, var translator = feed.translator {
                feed.translatorWakeAt = nil
                take(translator.wake(now: now), session, &feed)
                feed.translator = translator
                feeds[session] = feed
            }
            if let at = feed.readAt, at <= now {
                feeds[session]?.readAt = nil
                wantRead(session)
            }
            if let by = feed.expectedBy, by <= now {
                feeds[session]?.expectedBy = nil
                actions.append(.reconnect(reason: "nothing was heard after an accepted prompt"))
            }
        }
    }

    // Publishing.

    mutating func publish() {
        for session in feeds.keys where feeds[session]?.isRecordDue == true {
            guard let feed = feeds[session], let topic = TopicName(session), let translator = feed.translator else { continue }
            publisher.setRecord(IngestRecord(isImported: feed.isImported, adapter: translator.record).bytes, for: topic)
            feeds[session]?.isRecordDue = false
        }
        guard let batch = publisher.takeBatch() else { return answerDueTickets() }
        ticketsOfBatch[batch.number] = dueTickets
        dueTickets = []
        actions.append(.append(batch: batch.number, batch.appends, batch.blobs))
    }

    /// What waits for the writer and what waits for a read have one bound: beyond it the stream is not read.
    private mutating func boundStream() {
        let bytes = publisher.queuedBytes + waitingBytes
        if bytes > Self.queuedBytesHigh, !publisher.isHoldingStream {
            publisher.isHoldingStream = true
            actions.append(.pauseStream)
        } else if bytes < Self.queuedBytesLow, publisher.isHoldingStream {
            publisher.isHoldingStream = false
            actions.append(.resumeStream)
        }
    }

    /// Nothing was published with them: what they wait for is on its way or there.
    private mutating func answerDueTickets() {
        guard !dueTickets.isEmpty else { return }
        if let last = publisher.lastOutstanding {
            ticketsOfBatch[last, default: []] += dueTickets
        } else {
            for ticket in dueTickets { actions.append(.opened(ticket: ticket, imported: true)) }
        }
        dueTickets = []
    }

    private mutating func settled(_ batch: Int) {
        publisher.committed(batch)
        for ticket in ticketsOfBatch.removeValue(forKey: batch) ?? [] { actions.append(.opened(ticket: ticket, imported: true)) }
        for session in awaitingCommit.sorted() { compareWhenCommitted(session) }
        startReads()
    }

    private mutating func refused(_ batch: Int) {
        publisher.committed(batch)
        for ticket in ticketsOfBatch.removeValue(forKey: batch) ?? [] { actions.append(.opened(ticket: ticket, imported: false)) }
        forgetUpstream()
        actions.append(.reconnect(reason: "the log refused events"))
    }

    // The connection.

    private mutating func ended() {
        guard isConnected || adapter != nil else { return }
        forgetUpstream()
    }

    /// Everything that was learned by following is void: it comes back from the log's records and by reads.
    private mutating func forgetUpstream() {
        publish()
        if isConnected || outage == nil {
            // What was not healed when the stream was lost again is a part of the same outage still.
            let busy = Set(feeds.filter { $0.value.isBusy }.keys)
            outage = Outage(from: outage?.from ?? lastHeard ?? now, sessions: busy.union(outage?.unhealed ?? []))
        }
        for (session, feed) in feeds {
            // A feed that was not loaded yet knows less than the catalog.
            guard let translator = feed.translator else { continue }
            var known = catalog[session] ?? KnownSession(id: session)
            known.isBusy = feed.isBusy
            known.directory = translator.directory ?? known.directory
            known.isImported = known.isImported || feed.isImported
            catalog[session] = known
        }
        isConnected = false
        adapter = nil
        waitingBytes = 0
        feeds = [:]
        exchanges = [:]
        readQueue = []
        awaitingCommit = []
        needsList = false
        isListing = false
        if publisher.isHoldingStream {
            publisher.isHoldingStream = false
            actions.append(.resumeStream)
        }
        for ticket in openTickets.values.joined() { actions.append(.opened(ticket: ticket, imported: false)) }
        openTickets = [:]
    }

    private mutating func greeted() {
        guard !isConnected else { return }
        isConnected = true
        if var current = outage {
            current.to = now
            outage = current
            publisher.say(current.event(isHealed: false, lost: current.sessions.isEmpty ? [] : ["deltas"]), in: .opencode)
            for session in current.sessions.sorted() {
                guard let topic = TopicName(session) else { continue }
                publisher.say(current.event(isHealed: false, lost: ["deltas"]), in: topic)
            }
        }
        needsList = true
        isListing = true
        for session in (outage?.sessions ?? []).sorted() { wantRead(session) }
        startReads()
    }
}
