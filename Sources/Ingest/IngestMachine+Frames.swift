// From a frame to events: whose it is, whether it may be translated now, and who is named.

import OpenCode
import RelayProtocol
import Wire

extension IngestMachine {
    mutating func frame(_ bytes: [UInt8]) {
        guard let adapter else { return }
        heard()
        guard let frame = UpstreamJSON.parse(bytes) else {
            actions.append(.warn("a frame that is not JSON was skipped", session: nil))
            return unread("a frame from OpenCode is no JSON that can be read, and was left out")
        }
        switch adapter.route(frame) {
        case .connected: greeted()
        case _ where !isConnected: break
        case .session(let session): deliver(frame, to: session)
        case .server: if let event = adapter.serverEvent(frame) { say(event) }
        case .ignored: break
        }
    }

    mutating func oversize(_ bytes: Int) { unread("a frame of \(bytes) bytes from OpenCode was not read", kind: "oversize") }

    private mutating func unread(_ why: String, kind: String = "unreadable") {
        guard isConnected else { return }
        say(.notice(kind: kind, text: why))
        // Whose it was nobody knows: of those that do nothing it is none.
        for session in Array(feeds.sessions) {
            guard let at = feeds.place(of: session), feeds[at].isBusy || feeds[at].phase == .reading else { continue }
            wantReadAgain(session, at)
        }
    }

    private mutating func deliver(_ frame: JSONValue, to session: String) {
        guard let at = feeds.place(of: session) ?? begin(session) else { return }
        feeds[at].touchedAt = now
        guard feeds[at].isFollowing(outages.isHealing), !attribution.isUnderWay(in: session) else {
            // It waits, and shows all the same that the stream lives.
            feeds[at].noteHeard(at: now)
            feeds[at].waiting.append(frame)
            waitingBytes += frame.raw.count
            if feeds[at].waiting.count == 1 { prefer(session, at) }
            return advance(session)
        }
        guard let translation = feeds[at].translator?.receive(frame, now: now) else { return }
        if !translation.events.isEmpty { feeds[at].noteHeard(at: now) }
        take(translation, session, at)
    }

    /// A feed for a session that has none; nil for what cannot be a session's id.
    mutating func begin(_ session: String) -> Int? {
        if let at = feeds.place(of: session) { return at }
        guard let topic = TopicName(session), topic.kind == .session else { return nil }
        wakes.schedule(session, at: now + idleAfter)
        return feeds.add(SessionFeed(topic: topic, now: now))
    }

    /// Translates what waits, if the session is not being loaded or read.
    mutating func advance(_ session: String) {
        guard let at = feeds.place(of: session) else { return }
        switch feeds[at].phase {
        // Until the list is read nobody knows whether a session is new.
        case .new where isListing: break
        case .new:
            guard catalog[session] == nil else { return follow(session, at) }
            feeds[at].translator = adapter?.translator(session: session, record: nil, held: FoldedSession())
            feeds[at].isImported = true
            feeds[at].phase = .live
            translateWaiting(session, at)
        case .live where feeds[at].isReadWanted && outages.isHealing: break
        case .live: translateWaiting(session, at)
        case .loading, .reading: break
        }
    }

    private mutating func translateWaiting(_ session: String, _ at: Int) {
        var frames: [JSONValue] = []
        swap(&frames, &feeds[at].waiting)
        for (place, frame) in frames.enumerated() {
            guard let translation = translate(frame, session, at) else {
                feeds[at].waiting = Array(frames[place...])
                return
            }
            waitingBytes -= frame.raw.count
            take(translation, session, at)
        }
    }

    /// Nil for a frame that must wait: it tells of an answer, and nobody knows yet whose it is.
    private mutating func translate(_ frame: JSONValue, _ session: String, _ at: Int) -> Translation? {
        guard attribution.isUnderWay(in: session) else { return feeds[at].translator?.receive(frame, now: now) ?? Translation() }
        guard var trial = feeds[at].translator else { return Translation() }
        let translation = trial.receive(frame, now: now)
        guard attribution.areUncertain(translation.events, in: session) else {
            feeds[at].translator = trial
            return translation
        }
        if feeds[at].heldUntil == nil { feeds[at].heldUntil = now + Attribution.patience }
        wakes.schedule(session, at: now + Attribution.patience)
        return nil
    }

    mutating func acted(_ object: String, _ succeeded: Bool) {
        guard let session = attribution.end(object, succeeded: succeeded), let at = feeds.place(of: session) else { return }
        feeds[at].heldUntil = nil
        advance(session)
    }

    /// Publishes a translation's events and notes its wishes.
    mutating func take(_ translation: Translation, _ session: String, _ at: Int) {
        for event in translation.events { say(attribution.attributed(event), session, at) }
        for wish in translation.wishes {
            switch wish {
            case .read: readLater(session, at, now + Self.readDelay)
            case .wake(let time):
                feeds[at].translatorWakeAt = min(feeds[at].translatorWakeAt ?? .max, time)
                wakes.schedule(session, at: time)
            }
        }
    }

    // Saying.

    /// What belongs to no session.
    mutating func say(_ event: Event) { publisher.say(EventBounds.bounded(event, in: .opencode), in: .opencode) }

    mutating func say(_ event: Event, _ session: String, _ at: Int) {
        recordIsDue(session, at)
        let topic = feeds[at].topic
        guard !EventBounds.fits(event) else { return publisher.say(event, in: topic) }
        let bounded = EventBounds.bounded(event, in: topic)
        // An object that is too large is told of once.
        if let name = bounded.oversize, !feeds[at].notes.tell(oversize: name) { return }
        publisher.say(bounded, in: topic)
    }

    mutating func recordIsDue(_ session: String, _ at: Int) {
        guard !feeds[at].isRecordDue else { return }
        feeds[at].isRecordDue = true
        dueRecords.append(session)
    }
}
