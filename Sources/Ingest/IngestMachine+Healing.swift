// What follows from reads: rows of the list, pages of a session's history, its newest state, and the outage's end.

import OpenCode
import RelayProtocol
import Wire

extension IngestMachine {
    // The list.

    /// Rows that are new are imported, rows that differ are said, sessions that live or changed are read whole.
    mutating func listed(_ list: SessionListRead) {
        for read in list.sessions {
            let known = catalog[read.session]
            let place = feeds.place(of: read.session)
            // A session whose frames have only waited so far may be older than they are: its row comes first.
            if known == nil, place == nil || place.map({ feeds[$0].phase == .new }) == true { importRow(read) }
            let isActive = list.active.contains(read.session)
            guard isActive || known?.isBusy == true || (known != nil && known?.updated != Self.updated(read)) else { continue }
            if isActive || known?.isFollowed == true || known?.isBusy == true {
                wantRead(read.session)
            } else if !reading.contains(read.session) {
                importRow(read)
            }
        }
        let listed = Set(list.sessions.map(\.session))
        for session in list.active.subtracting(listed).sorted() { wantRead(session) }
        tellBounds(list)
        listFailures = 0
        followListed()
    }

    /// Whoever waited for the list goes on.
    mutating func followListed() {
        isListing = false
        answerUnknown()
        for session in feeds.sessions.sorted() { advance(session) }
        finishHealing()
    }

    private static func updated(_ read: SessionRead) -> Int? { read.row.flatMap { try? JSON.parse($0) }?["updated"]?.int }

    private mutating func importRow(_ read: SessionRead) {
        guard let row = read.row, let topic = TopicName(read.session), topic.kind == .session else { return }
        var event = Event.session(read.session, row)
        event.origin = .import
        publisher.say(EventBounds.bounded(event, in: topic), in: topic)
        var known = catalog[read.session] ?? KnownSession(id: read.session)
        known.directory = read.directory
        known.updated = Self.updated(read)
        catalog[read.session] = known
    }

    // One session.

    /// The answers are there; what the log holds is loaded now, while frames wait.
    mutating func read(_ session: String, _ read: SessionRead) {
        guard let at = feeds.place(of: session), feeds[at].reading != nil else { return }
        if feeds[at].reading?.newest == nil || read.isGone {
            feeds[at].reading?.newest = read
        } else if case .ask(let cursor)? = feeds[at].reading?.walk?.read(read) {
            return askOlder(session, at, cursor)
        } else {
            feeds[at].reading?.page = read
        }
        proceed(session)
    }

    mutating func loaded(_ loaded: LoadedSession) {
        let session = loaded.load.session
        guard let at = feeds.place(of: session), feeds[at].load == loaded.load.number else { return }
        feeds[at].load = nil
        if loaded.load.before == nil {
            // What older pages told is in the log now: frames that wait may be about it.
            if feeds[at].reading?.hasSaid == true { feeds[at].translator = nil }
            adopt(loaded, at)
        }
        guard feeds[at].phase == .reading else { return becomeLive(loaded, session, at) }
        if let page = feeds[at].reading?.page { return say(page, loaded, session, at) }
        guard let newest = feeds[at].reading?.newest else { return }
        if case .ask(let cursor) = walk(newest, loaded, at) { return askOlder(session, at, cursor) }
        heal(newest, loaded, session, at)
    }

    private mutating func adopt(_ loaded: LoadedSession, _ at: Int) {
        feeds[at].lastWhole = loaded.lastWhole
        guard feeds[at].translator == nil, let adapter else { return }
        let record = loaded.record.map(IngestRecord.init)
        feeds[at].translator = adapter.translator(session: loaded.load.session, record: record?.adapter, held: loaded.held)
        feeds[at].record = loaded.record
        feeds[at].notes = record?.notes ?? SessionNotes()
        let isKnownImported = record?.isImported == true || catalog[loaded.load.session]?.isImported == true
        feeds[at].isImported = feeds[at].isImported || isKnownImported
    }

    private mutating func becomeLive(_ loaded: LoadedSession, _ session: String, _ at: Int) {
        guard feeds[at].phase == .loading else { return }
        feeds[at].phase = .live
        // It was to be read and could not: what comes now stands behind what was missed.
        let hasHistory = feeds[at].isImported || !loaded.held.messages.isEmpty
        if feeds[at].failures > 0, hasHistory, feeds[at].notes.wholeThrough == nil {
            feeds[at].notes.wholeThrough = loaded.lastWhole ?? loaded.held.messages.first?.id ?? ""
            recordIsDue(session, at)
        }
        if feeds[at].isReadWanted { enqueue(session, at) }
        wakes.schedule(session, at: feeds[at].wakeAt(idleAfter: idleAfter))
        advance(session)
        finishHealing()
    }

    /// The way to what the log has, decided once. A session that was never imported is read as far as an import goes.
    private mutating func walk(_ newest: SessionRead, _ loaded: LoadedSession, _ at: Int) -> HistoryWalk.Step {
        let anchors = feeds[at].notes.wholeThrough.map { [$0] } ?? loaded.anchors
        guard feeds[at].reading?.walk == nil, !newest.isGone, feeds[at].isImported || !anchors.isEmpty else { return .newest }
        var walk = HistoryWalk(anchors: anchors)
        let step = walk.begin(newest)
        feeds[at].reading?.walk = walk
        return step
    }

    /// An older page: said, and when that is committed the next one is asked for.
    private mutating func say(_ page: SessionRead, _ loaded: LoadedSession, _ session: String, _ at: Int) {
        let acrossOutage = outages.wasBusy(session)
        let events = Healer.difference(
            held: loaded.held, read: page.markingUnheard(held: loaded.held, acrossOutage: acrossOutage), origin: .heal,
            acrossOutage: acrossOutage,
            successor: feeds[at].reading?.walk?.successor, oversize: feeds[at].notes.oversize)
        if !events.isEmpty { tell(session, at) }
        for event in events { say(attribution.attributed(event), session, at) }
        tellBounds(page, session, at)
        feeds[at].saidBefore = publisher.mark
        feeds[at].reading?.page = nil
        feeds[at].reading?.hasSaid = true
        if case .ask(let cursor)? = feeds[at].reading?.walk?.said() { feeds[at].reading?.next = cursor }
        proceed(session)
    }

    private mutating func heal(_ newest: SessionRead, _ loaded: LoadedSession, _ session: String, _ at: Int) {
        let isImport = !feeds[at].isImported && loaded.held.messages.isEmpty
        let acrossOutage = outages.wasBusy(session)
        let newest = newest.markingUnheard(held: loaded.held, acrossOutage: acrossOutage)
        let events =
            newest.isGone
            ? []
            : Healer.difference(
                held: loaded.held, read: newest, origin: isImport ? .import : .heal, acrossOutage: acrossOutage,
                oversize: feeds[at].notes.oversize)
        let translation = feeds[at].translator?.settle(newest, now: now) ?? Translation()
        let missesWords = events.contains { Healer.missesWords($0) }
        if missesWords || !isImport && !(events.isEmpty && translation.events.isEmpty) { tell(session, at, missesWords: missesWords) }
        for event in events { say(attribution.attributed(event), session, at) }
        take(translation, session, at)
        tellBounds(newest, session, at)
        if newest.isGone, !loaded.held.isRemoved, loaded.held.session != nil { say(.sessionRemoved(), session, at) }
        // What was missed of a session that is gone nobody can tell any more.
        let isHistoryLost = feeds[at].reading?.walk?.isCut == true || newest.isGone && outages.wasBusy(session)
        for event in outages.read(session, isHistoryLost: isHistoryLost) {
            say(event, session, at)
            isStateDue = true
        }
        note(newest, session, at)
        endRead(session, at)
        advance(session)
        finishHealing()
    }

    /// Once for each part of it, and for each place: what stands before that is read no further.
    private mutating func tellBounds(_ read: SessionRead, _ session: String, _ at: Int) {
        for what in read.tooLarge where feeds[at].notes.tell(oversize: "read \(what)") { say(Self.tooLarge(what), session, at) }
        let place = read.messages.first?.id ?? ""
        guard read.isBeyondBounds, feeds[at].notes.tell(oversize: "page \(place)") else { return }
        let what = place.isEmpty ? "its newest message" : "the message before \(place)"
        say(Self.tooLarge(what), session, at)
    }

    /// What no session has to do with is told in `opencode`: once, until the list was whole again.
    private mutating func tellBounds(_ list: SessionListRead) {
        guard list.tooLarge != listBounds else { return }
        for what in list.tooLarge where !listBounds.contains(what) { say(Self.tooLarge(what)) }
        listBounds = list.tooLarge
        isStateDue = true
    }

    private static func tooLarge(_ what: String) -> Event {
        .notice(kind: "oversize", text: "\(what) is too large to be read from OpenCode, and so is not here")
    }

    private mutating func note(_ read: SessionRead, _ session: String, _ at: Int) {
        feeds[at].phase = .live
        feeds[at].isImported = feeds[at].isImported || !read.isGone
        feeds[at].notes.wholeThrough = nil
        feeds[at].failures = 0
        feeds[at].notes.updated = Self.updated(read) ?? feeds[at].notes.updated
        recordIsDue(session, at)
        wakes.schedule(session, at: feeds[at].wakeAt(idleAfter: idleAfter))
        dueTickets += openTickets.removeValue(forKey: session) ?? []
        var known = catalog[session] ?? KnownSession(id: session)
        known.isImported = true
        known.isFollowed = true
        known.isReadOwed = false
        known.directory = read.directory ?? known.directory
        known.updated = Self.updated(read) ?? known.updated
        catalog[session] = known
    }

    // Outages.

    /// A session that was idle before the outage, or not there, and is not as it was: it says so in its own topic too.
    mutating func tell(_ session: String, _ at: Int, missesWords: Bool = false) {
        guard let outage = outages.tell(session, missesWords: missesWords) else { return }
        say(outage.event(in: session, isHealed: false), session, at)
        isStateDue = true
    }

    /// When all reads of a reconnect were made, the outages whose sessions are all read are over.
    mutating func finishHealing() {
        startReads()
        guard isConnected, reading.isEmpty, !needsList, !isListing, listFailures == 0 else { return }
        if outages.allTried() { isStateDue = true }
        for event in outages.takeHealed() { say(event) }
    }
}
