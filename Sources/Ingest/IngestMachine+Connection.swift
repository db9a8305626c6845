// The connection's beginning and end: what is known before it, what is asked at its start, what is forgotten with it.

import OpenCode
import RelayProtocol

extension IngestMachine {
    mutating func known(_ log: KnownLog) {
        // The answer to a question that a batch has answered meanwhile, by being taken: what is known is newer.
        if isConnected, !refusals.isRefusing { return }
        catalog = Dictionary(log.sessions.map { ($0.id, $0) }) { $1 }
        let busy = Set(log.sessions.filter(\.isBusy).map(\.id))
        let state = IngestState(log.record)
        if refusals.isRefusing { return recalled(state, busy) }
        outages = state.outages
        listBounds = state.listBounds
        lastHeard = [state.heard, log.newest].compactMap { $0 }.max()
        if let lastHeard {
            provenHeard = lastHeard
            outages.lost(from: lastHeard, busy: busy)
            isStateDue = true
        }
    }

    /// What was refused may have told of outages, too: those that count are the log's, and the one that the refusal itself began. They are
    /// what the log is to take first; until it has, nobody is followed.
    private mutating func recalled(_ state: IngestState, _ busy: Set<String>) {
        let refused = outages.isAway ? outages.pending.last : nil
        outages = state.outages
        listBounds = state.listBounds
        outages.lost(from: refused?.from ?? lastHeard ?? now, busy: busy.union(refused?.busy ?? []))
        isStateDue = true
    }

    mutating func subscribed(_ adapter: any UpstreamAdapter) {
        // A new stream is not held, whatever was.
        publisher.isHoldingStream = false
        listeningSince = now
        if !refusals.isRefusing { self.adapter = adapter }
    }

    mutating func greeted() {
        guard !isConnected else { return }
        isConnected = true
        if let outage = outages.reconnected(at: now) {
            say(outage.event(isHealed: false))
            isStateDue = true
            // Those that were read before the stream was lost again, and rest since, have missed nothing more.
            for session in outage.busy.intersection(outage.unread).sorted() {
                guard let at = begin(session) else { continue }
                say(outage.event(in: session, isHealed: false), session, at)
            }
        }
        needsList = true
        isListing = true
        readsAfter = publisher.mark
        let owed = catalog.values.filter(\.isReadOwed).map(\.id)
        for session in outages.unread.union(owed).sorted() { wantRead(session) }
        startReads()
    }

    mutating func ended() {
        guard adapter != nil else { return }
        let wasConnected = isConnected
        noteOwedReads()
        gatherRecords()
        publish()
        forgetUpstream()
        // The log must have the loss: what Reprise itself says from here on is no sign that upstream was heard.
        if wasConnected { isStateDue = true }
    }

    /// Everything that was learned by following is void: it comes back from the log's records and by reads. `from`: what came since is not
    /// in the log.
    mutating func forgetUpstream(from: Int64? = nil) {
        guard adapter != nil else { return }
        if isConnected || !outages.isAway, let heard = lastHeard { outages.lost(from: min(heard, from ?? heard), busy: busySessions) }
        for session in feeds.sessions { remember(session) }
        isConnected = false
        adapter = nil
        feeds = SessionFeeds()
        wakes.removeAll()
        waitingBytes = 0
        dueRecords = []
        forgetReads()
        if publisher.isHoldingStream {
            publisher.isHoldingStream = false
            actions.append(.resumeStream)
        }
    }

    /// What was to be read and was not is read after the next reconnect, also if that is another life's.
    private mutating func noteOwedReads() {
        for session in feeds.sessions.sorted() {
            guard let at = feeds.place(of: session), feeds[at].isReadOwed else { continue }
            catalog[session]?.isReadOwed = true
            recordIsDue(session, at)
        }
    }

    private mutating func forgetReads() {
        exchanges = [:]
        readQueue = []
        reading = []
        readsRunning = 0
        awaitingCommit = []
        (needsList, isListing, listFailures) = (false, false, 0)
        for ticket in openTickets.values.joined() { actions.append(.opened(ticket: ticket, imported: false)) }
        openTickets = [:]
    }

    /// What a feed knows stays in the catalog. One that was not loaded yet knows less.
    mutating func remember(_ session: String) {
        guard let at = feeds.place(of: session), let translator = feeds[at].translator else { return }
        var known = catalog[session] ?? KnownSession(id: session)
        known.isBusy = translator.isBusy
        known.directory = translator.directory ?? known.directory
        known.isImported = known.isImported || feeds[at].isImported
        known.isFollowed = true
        catalog[session] = known
    }

    private var busySessions: Set<String> {
        Set(feeds.sessions.filter { session in feeds.place(of: session).map { feeds[$0].isBusy } == true })
    }
}
