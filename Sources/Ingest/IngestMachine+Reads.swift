// Asking: the list of sessions after each reconnect, single sessions to heal or to import them, and the log about a session.

import OpenCode
import RelayProtocol
import Wire

extension IngestMachine {
    enum Exchange: Sendable {
        case list(any UpstreamExchange<SessionListRead>)
        case session(String, any UpstreamExchange<SessionRead>)
    }

    // What is wanted.

    /// Queues a full read of a session; its frames wait from the moment the read begins.
    mutating func wantRead(_ session: String) {
        guard isConnected, let at = begin(session), feeds[at].phase != .reading, !feeds[at].isReadWanted else { return }
        feeds[at].isReadWanted = true
        feeds[at].readAt = nil
        recordIsDue(session, at)
        reading.insert(session)
        // One that is being loaded is queued when it is there.
        if feeds[at].phase != .loading { enqueue(session, at) }
        startReads()
    }

    /// In front where somebody waits for it: a person who opened it, frames.
    mutating func enqueue(_ session: String, _ at: Int) {
        if feeds[at].waiting.isEmpty, openTickets[session] == nil { return readQueue.append(session) }
        readQueue.insert(session, at: 0)
    }

    /// One that waits for its read among others is read next.
    mutating func prefer(_ session: String, _ at: Int) {
        guard feeds[at].isReadWanted, let place = readQueue.firstIndex(of: session), place > 0 else { return }
        readQueue.remove(at: place)
        readQueue.insert(session, at: 0)
    }

    /// What a read that is under way may have missed is asked for once more.
    mutating func wantReadAgain(_ session: String, _ at: Int) {
        if feeds[at].phase == .reading { readLater(session, at, now + Self.readDelay) } else { wantRead(session) }
    }

    mutating func readLater(_ session: String, _ at: Int, _ time: Int64) {
        feeds[at].readAt = min(feeds[at].readAt ?? .max, time)
        recordIsDue(session, at)
        wakes.schedule(session, at: time)
    }

    mutating func open(_ session: String, _ ticket: Int) {
        let place = feeds.place(of: session)
        let isImported = place.map { feeds[$0].isImported } == true || catalog[session]?.isImported == true
        let isKnown = place != nil || catalog[session] != nil
        guard isConnected, !isImported, isKnown || isListing else {
            return actions.append(.opened(ticket: ticket, imported: isImported))
        }
        openTickets[session, default: []].append(ticket)
        // Of one that nobody knows the list decides, once it is there.
        guard isKnown else { return }
        if let place { prefer(session, place) }
        wantRead(session)
    }

    /// The list is there: who waited for a session that nobody knew.
    mutating func answerUnknown() {
        for session in openTickets.keys.sorted() where !reading.contains(session) {
            if catalog[session] != nil || feeds.place(of: session) != nil {
                wantRead(session)
            } else {
                for ticket in openTickets.removeValue(forKey: session) ?? [] { actions.append(.opened(ticket: ticket, imported: false)) }
            }
        }
    }

    mutating func created(_ session: String, _ ticket: Int) {
        let isKnown = feeds.place(of: session).map { feeds[$0].translator != nil } == true || catalog[session] != nil
        guard isConnected else { return actions.append(.opened(ticket: ticket, imported: false)) }
        guard !isKnown, let at = begin(session) else { return dueTickets.append(ticket) }
        openTickets[session, default: []].append(ticket)
        feeds[at].isImported = true
        wantRead(session)
    }

    // What is asked.

    /// Starts what may start. A session's frames wait from here on; what was said of it before is compared when it is committed, so that a
    /// session that streams does not keep the others from being read.
    mutating func startReads() {
        guard isConnected, needsList || !readQueue.isEmpty, publisher.isCommitted(through: readsAfter), let adapter else { return }
        if needsList {
            needsList = false
            begin(.list(adapter.listSessions(pages: catalog.isEmpty ? Self.firstListPages : Self.listPages)))
        }
        while readsRunning < Self.readsAtOnce, !readQueue.isEmpty { startRead(readQueue.removeFirst(), adapter) }
    }

    private mutating func startRead(_ session: String, _ adapter: any UpstreamAdapter) {
        // One that was queued before it was loaded is queued again with that: it is read once.
        guard let at = feeds.place(of: session), feeds[at].isReadWanted else { return }
        feeds[at].saidBefore = publisher.mark
        feeds[at].phase = .reading
        feeds[at].reading = SessionReading()
        feeds[at].isReadWanted = false
        feeds[at].load = nil
        readsRunning += 1
        let isImported = feeds[at].isImported || catalog[session]?.isImported == true
        let limit = openTickets[session] == nil && isImported ? Self.pageMessages : Self.importMessages
        let until = feeds[at].notes.wholeThrough ?? feeds[at].lastWhole
        begin(.session(session, adapter.readSession(session, directory: directory(of: session, at), until: until, limit: limit)))
    }

    private func directory(of session: String, _ at: Int) -> String? { feeds[at].translator?.directory ?? catalog[session]?.directory }

    mutating func askOlder(_ session: String, _ at: Int, _ cursor: String) {
        guard let adapter else { return }
        let directory = feeds[at].reading?.newest?.directory ?? directory(of: session, at)
        begin(.session(session, adapter.readOlder(session, directory: directory, before: cursor, limit: Self.pageMessages)))
    }

    private mutating func begin(_ exchange: Exchange) {
        let number = nextExchange
        nextExchange += 1
        exchanges[number] = exchange
        answered(number, [])
    }

    // What is answered.

    mutating func answered(_ number: Int, _ answers: [UpstreamAnswer]) {
        switch exchanges[number] {
        case .list(var exchange):
            let step = exchange.next(answers)
            exchanges[number] = .list(exchange)
            if let list = follow(step, number) { listed(list) }
        case .session(let session, var exchange):
            let step = exchange.next(answers)
            exchanges[number] = .session(session, exchange)
            if let read = follow(step, number) { self.read(session, read) }
        case nil: break
        }
    }

    private mutating func follow<Output>(_ step: ExchangeStep<Output>, _ number: Int) -> Output? {
        switch step {
        case .send(let requests): actions.append(.send(exchange: number, requests))
        case .wait(let duration): actions.append(.wait(exchange: number, duration))
        case .checkpoint: answered(number, [])
        case .done(let output):
            exchanges[number] = nil
            return output
        case .failed(let failure):
            failed(exchanges.removeValue(forKey: number), failure)
        }
        return nil
    }

    /// Who cannot be reached, or does not let us in, is asked anew from the start. What cannot be read of one that can is done without: it must
    /// not keep all else from being heard.
    private mutating func failed(_ exchange: Exchange?, _ failure: UpstreamFailure) {
        switch (exchange, failure) {
        case (.session(let session, _)?, .unexpected), (.session(let session, _)?, .late): giveUp(session, failure)
        case (.list?, .unexpected), (.list?, .late): followWithoutList(failure)
        case (_, .unreachable), (_, .unauthorized), (nil, _): actions.append(.reconnect(reason: "a read failed: \(failure)"))
        }
    }

    /// The sessions that are known, and those that frames tell of, are followed; the list is asked for again later, and until it was read no
    /// outage is over.
    private mutating func followWithoutList(_ failure: UpstreamFailure) {
        actions.append(.warn("the list of sessions cannot be read: \(failure)", session: nil))
        wakes.schedule(Self.listWake, at: now + Self.pause(after: listFailures))
        listFailures += 1
        for session in catalog.values.filter(\.isBusy).map(\.id).sorted() { wantRead(session) }
        followListed()
    }

    /// Doubled with each failure.
    private static func pause(after failures: Int) -> Int64 { min(failedReadDelay << Int64(min(failures, 8)), longestReadDelay) }

    /// The session is followed as it is, and read again later.
    private mutating func giveUp(_ session: String, _ failure: UpstreamFailure) {
        guard let at = feeds.place(of: session) else { return }
        actions.append(.warn("the session cannot be read: \(failure)", session: session))
        for ticket in openTickets.removeValue(forKey: session) ?? [] { actions.append(.opened(ticket: ticket, imported: false)) }
        if feeds[at].isImported || catalog[session]?.isFollowed == true { tell(session, at) }
        endRead(session, at)
        feeds[at].phase = .loading
        feeds[at].readAt = now + Self.pause(after: feeds[at].failures)
        feeds[at].failures += 1
        wakes.schedule(session, at: feeds[at].readAt ?? now)
        proceed(session)
    }

    mutating func endRead(_ session: String, _ at: Int) {
        feeds[at].reading = nil
        reading.remove(session)
        readsRunning -= 1
    }

    // The log.

    /// A session that the log knows: record and fold first.
    mutating func follow(_ session: String, _ at: Int) {
        feeds[at].phase = .loading
        feeds[at].saidBefore = publisher.mark
        proceed(session)
    }

    /// The next step of a session that is loaded or read, once what was said of it is committed.
    mutating func proceed(_ session: String) {
        guard let at = feeds.place(of: session), publisher.isCommitted(through: feeds[at].saidBefore) else {
            awaitingCommit.insert(session)
            return
        }
        awaitingCommit.remove(session)
        if let cursor = feeds[at].reading?.next {
            feeds[at].reading?.next = nil
            return askOlder(session, at, cursor)
        }
        let before = feeds[at].reading?.page == nil ? nil : feeds[at].reading?.walk?.successor
        feeds[at].load = nextLoad
        actions.append(.load(SessionLoad(session: session, number: nextLoad, messages: Self.loadedMessages, before: before)))
        nextLoad += 1
    }
}
