// Times that were asked for, and sessions of which nothing is heard any more.

import OpenCode
import RelayProtocol

extension IngestMachine {
    mutating func wake() {
        while let session = wakes.take(through: now) {
            if session == Self.listWake {
                needsList = isConnected
                startReads()
            }
            guard let at = feeds.place(of: session) else { continue }
            wakeTranslator(session, at)
            wakeRead(session, at)
            wakePatience(session, at)
            guard !letGo(session, at) else { continue }
            // What cannot be let go yet is looked at again after as long as it was idle.
            if feeds[at].wakeAt(idleAfter: idleAfter) <= now { feeds[at].touchedAt = now }
            wakes.schedule(session, at: max(feeds[at].wakeAt(idleAfter: idleAfter), now + 1))
        }
    }

    private mutating func wakeTranslator(_ session: String, _ at: Int) {
        guard let time = feeds[at].translatorWakeAt, time <= now, feeds[at].phase == .live else { return }
        feeds[at].translatorWakeAt = nil
        guard let translation = feeds[at].translator?.wake(now: now) else { return }
        take(translation, session, at)
    }

    private mutating func wakeRead(_ session: String, _ at: Int) {
        guard let time = feeds[at].readAt, time <= now else { return }
        feeds[at].readAt = nil
        wantReadAgain(session, at)
    }

    private mutating func wakePatience(_ session: String, _ at: Int) {
        if let by = feeds[at].expectedBy, by <= now { losePatience(at) }
        if let until = feeds[at].heldUntil, until <= now {
            feeds[at].heldUntil = nil
            attribution.giveUp(session)
            advance(session)
        }
    }

    /// While the stream is not read its silence is ours, and what waits in it comes when it is read again.
    private mutating func losePatience(_ at: Int) {
        let by = (publisher.isHoldingStream ? now : listeningSince) + Self.promptSilence
        guard by <= now else {
            feeds[at].expectedBy = by
            return
        }
        feeds[at].expectedBy = nil
        actions.append(.reconnect(reason: "nothing was heard after an accepted prompt"))
    }

    /// An idle session goes once the log has all that its feed knows; the next frame has it loaded as after a restart.
    private mutating func letGo(_ session: String, _ at: Int) -> Bool {
        guard now >= feeds[at].touchedAt + idleAfter, feeds[at].isIdle, !attribution.isUnderWay(in: session) else { return false }
        // A frame that said nothing may have taught something all the same.
        if feeds[at].storedRecord != feeds[at].record { recordIsDue(session, at) }
        guard !feeds[at].isRecordDue, publisher.isCommitted(through: feeds[at].saidIn) else { return false }
        remember(session)
        feeds.remove(session)
        return true
    }

    /// The turn's first events may have come before the prompt's answer: then the stream is well, however long the model thinks.
    /// What came before it was sent is the turn before, however short ago: that proves nothing.
    mutating func expect(_ session: String, _ sentAt: Int64) {
        guard isConnected, let at = begin(session) else { return }
        prefer(session, at)
        guard feeds[at].lastHeardAt <= sentAt else { return }
        feeds[at].expectedBy = now + Self.promptSilence
        feeds[at].touchedAt = now
        wakes.schedule(session, at: now + Self.promptSilence)
    }
}
