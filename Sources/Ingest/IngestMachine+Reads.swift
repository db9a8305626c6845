// Reading OpenCode: the list of sessions after each reconnect, single sessions to heal or to import them, and what follows from them.

import EventLog
import OpenCode
import RelayProtocol
import Wire

extension IngestMachine {
    enum Exchange: Sendable {
        case list(any UpstreamExchange<SessionListRead>)
        case session(String, any UpstreamExchange<SessionRead>)
    }

    /// Queues a full read of a session; its frames wait from the moment the read begins.
    mutating func wantRead(_ session: String) {
        guard isConnected || outage != nil, !readQueue.contains(session) else { return }
        if case .reading = feeds[session]?.phase { return }
        feeds[session, default: SessionFeed()].isReadWanted = true
        readQueue.append(session)
        startReads()
    }

    mutating func open(_ session: String, _ ticket: Int) {
        guard isConnected, let known = catalog[session] ?? feeds[session].map({ _ in KnownSession(id: session) }) else {
            actions.append(.opened(ticket: ticket, imported: feeds[session]?.isImported ?? catalog[session]?.isImported ?? false))
            return
        }
        if feeds[session]?.isImported ?? known.isImported {
            actions.append(.opened(ticket: ticket, imported: true))
            return
        }
        openTickets[session, default: []].append(ticket)
        wantRead(session)
    }

    mutating func created(_ session: String, _ ticket: Int) {
        guard isConnected else { return actions.append(.opened(ticket: ticket, imported: false)) }
        if feeds[session]?.translator != nil || catalog[session] != nil {
            dueTickets.append(ticket)
        } else {
            openTickets[session, default: []].append(ticket)
            feeds[session, default: SessionFeed()].isImported = true
            wantRead(session)
        }
    }

    /// Starts what may start. A session's frames wait from here on; what was said of it before is compared when it is committed, so that a
    /// session that streams does not keep the others from being read.
    mutating func startReads() {
        guard isConnected, let adapter else { return }
        publish()
        if needsList {
            guard publisher.isSettled else { return }
            needsList = false
            begin(.list(adapter.listSessions(pages: 20)))
        }
        var running = exchanges.values.reduce(0) { count, exchange in if case .session = exchange { count + 1 } else { count } }
        while running < Self.readsAtOnce, let next = readQueue.firstIndex(where: { feeds[$0]?.phase != .loading }) {
            let session = readQueue.remove(at: next)
            var feed = feeds[session] ?? SessionFeed()
            feed.phase = .reading(nil)
            feed.isReadWanted = false
            feed.readAt = nil
            feed.saidBefore = publisher.lastOutstanding
            feeds[session] = feed
            let directory = feed.translator?.directory ?? catalog[session]?.directory
            begin(.session(session, adapter.readSession(session, directory: directory, until: feed.lastWhole, limit: readLimit(session))))
            running += 1
        }
    }

    private func readLimit(_ session: String) -> Int {
        openTickets[session] == nil && (feeds[session]?.isImported ?? catalog[session]?.isImported ?? false) ? Self.healMessages : Self.importMessages
    }

    private mutating func begin(_ exchange: Exchange) {
        let number = nextExchange
        nextExchange += 1
        exchanges[number] = exchange
        answered(number, [])
    }

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

    /// One session that cannot be read is followed as it is, and read again later: it must not keep all others from being heard.
    private mutating func giveUp<Output>(_ session: String, _ failure: UpstreamFailure) -> Output? {
        actions.append(.warn("the session cannot be read: \(failure)", session: session))
        for ticket in openTickets.removeValue(forKey: session) ?? [] { actions.append(.opened(ticket: ticket, imported: false)) }
        feeds[session]?.phase = .loading
        feeds[session]?.readAt = now + Self.failedReadDelay
        compareWhenCommitted(session)
        return nil
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
            let failed = exchanges.removeValue(forKey: number)
            if case .session(let session, _)? = failed, case .unexpected = failure { return giveUp(session, failure) }
            actions.append(.reconnect(reason: "a read failed: \(failure)"))
        }
        return nil
    }

    /// Rows that are new are imported, rows that differ are said, sessions that live or changed are read whole.
    private mutating func listed(_ list: SessionListRead) {
        for read in list.sessions {
            let known = catalog[read.session]
            let row = read.row.flatMap { try? JSON.parse($0) }
            let updated = row?["updated"]?.int
            let isActive = list.active.contains(read.session)
            // A session whose frames have only waited so far may be older than they are: its row comes first.
            if known == nil, feeds[read.session] == nil || feeds[read.session]?.phase == .new { importRow(read) }
            guard isActive || known?.isBusy == true || (known != nil && known?.updated != updated) else { continue }
            if isActive || known?.isImported == true || known?.isBusy == true { wantRead(read.session) } else { importRow(read) }
        }
        isListing = false
        for session in feeds.keys { advance(session) }
        for session in list.active where !list.sessions.contains(where: { $0.session == session }) { wantRead(session) }
        finishHealing()
    }

    private mutating func importRow(_ read: SessionRead) {
        guard let row = read.row, let topic = TopicName(read.session), topic.kind == .session else { return }
        var event = Event.session(read.session, row)
        event.origin = .import
        publisher.say(event, in: topic)
        var known = catalog[read.session] ?? KnownSession(id: read.session)
        known.directory = read.directory
        known.updated = (try? JSON.parse(row))?["updated"]?.int
        catalog[read.session] = known
    }

    /// The answers are there; what the log holds is loaded now, while frames wait.
    private mutating func read(_ session: String, _ read: SessionRead) {
        guard feeds[session] != nil else { return }
        feeds[session]?.phase = .reading(read)
        compareWhenCommitted(session)
    }

    mutating func compareWhenCommitted(_ session: String) {
        guard publisher.isCommitted(through: feeds[session]?.saidBefore) else {
            awaitingCommit.insert(session)
            return
        }
        awaitingCommit.remove(session)
        actions.append(.load(session: session))
    }

    mutating func loaded(_ loaded: LoadedSession) {
        guard var feed = feeds[loaded.session], let adapter else { return }
        let record = loaded.record.map(IngestRecord.init)
        if feed.translator == nil {
            feed.translator = adapter.translator(session: loaded.session, record: record?.adapter, held: loaded.held)
        }
        feed.isImported = feed.isImported || record?.isImported == true
        feed.lastWhole = loaded.lastWhole
        switch feed.phase {
        case .loading:
            feed.phase = .live
            feeds[loaded.session] = feed
            advance(loaded.session)
            finishHealing()
        case .reading(let read?):
            feed.phase = .live
            heal(loaded, read, &feed)
            feeds[loaded.session] = feed
            advance(loaded.session)
            finishHealing()
        case .reading(nil), .live, .new: feeds[loaded.session] = feed
        }
    }

    private mutating func heal(_ loaded: LoadedSession, _ read: SessionRead, _ feed: inout SessionFeed) {
        guard let topic = TopicName(loaded.session), var translator = feed.translator else { return }
        let isImport = !feed.isImported && loaded.held.messages.isEmpty
        let wasAway = outage?.sessions.contains(loaded.session) == true
        let events = read.isGone ? [] : Healer.difference(held: loaded.held, read: read, origin: isImport ? .import : .heal, acrossOutage: wasAway)
        let translation = translator.settle(read, now: now)
        feed.translator = translator
        if let outage, outage.to != nil, !wasAway, !isImport, !(events.isEmpty && translation.events.isEmpty) {
            publisher.say(outage.event(isHealed: false, lost: []), in: topic)
            self.outage?.told.insert(loaded.session)
        }
        for event in events { publisher.say(event, in: topic) }
        take(translation, loaded.session, &feed)
        if read.isGone, !loaded.held.isRemoved, loaded.held.session != nil { publisher.say(.sessionRemoved(), in: topic) }
        if let outage, outage.to != nil, wasAway || outage.told.contains(loaded.session) {
            // More was missed than is read back: what lies between is not in the log.
            let isHole = !read.isComplete && !read.isGone && loaded.lastWhole.map { last in !read.messages.contains { $0.id == last } } == true
            let lost = (wasAway ? ["deltas"] : []) + (isHole ? ["history"] : [])
            publisher.say(outage.event(isHealed: true, lost: lost), in: topic)
            self.outage?.healed.insert(loaded.session)
        }
        feed.isImported = feed.isImported || !read.isGone
        feed.isRecordDue = true
        remember(read)
        dueTickets += openTickets.removeValue(forKey: loaded.session) ?? []
    }

    private mutating func remember(_ read: SessionRead) {
        var known = catalog[read.session] ?? KnownSession(id: read.session)
        known.isImported = true
        known.directory = read.directory ?? known.directory
        known.updated = read.row.flatMap { try? JSON.parse($0) }?["updated"]?.int ?? known.updated
        catalog[read.session] = known
    }

    /// All reads of a reconnect are done: the outage is over.
    private mutating func finishHealing() {
        startReads()
        guard let current = outage, current.to != nil, readQueue.isEmpty, exchanges.isEmpty, !needsList,
            !feeds.values.contains(where: { $0.isAwaitingRead })
        else { return }
        publisher.say(current.event(isHealed: true, lost: current.sessions.isEmpty ? [] : ["deltas"]), in: .opencode)
        outage = nil
    }
}
