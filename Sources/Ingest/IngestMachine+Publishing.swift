// What was said becomes a batch; what follows when the log has it, or refuses it.

import EventLog
import RelayProtocol

extension IngestMachine {
    /// What was said goes to the log, or waits for the batch that is on its way.
    mutating func publish() {
        if !publisher.isWriting { sendBatch() }
    }

    private mutating func sendBatch() {
        let records = gatherRecords()
        let isProof = isStateDue
        if isStateDue { publisher.setRecord(IngestState(heard: lastHeard, outages: outages, listBounds: listBounds).bytes, for: .opencode) }
        isStateDue = false
        guard let batch = publisher.takeBatch(now: now) else { return answerDueTickets() }
        for session in records { if let at = feeds.place(of: session) { feeds[at].saidIn = batch.number } }
        if isProof || batch.appends.contains(where: { !$0.events.isEmpty }) { provenHeard = lastHeard ?? provenHeard }
        if !dueTickets.isEmpty { ticketsOfBatch[batch.number] = dueTickets }
        dueTickets = []
        actions.append(.append(batch: batch.number, batch.appends, batch.blobs))
    }

    /// Puts the records that are due to the events that taught them.
    @discardableResult
    mutating func gatherRecords() -> [String] {
        let records = dueRecords
        dueRecords.removeAll(keepingCapacity: true)
        for session in records { publishRecord(session) }
        return records
    }

    private mutating func publishRecord(_ session: String) {
        guard let at = feeds.place(of: session) else { return }
        feeds[at].isRecordDue = false
        guard let record = feeds[at].storedRecord, record != feeds[at].record else { return }
        feeds[at].record = record
        publisher.setRecord(record, for: feeds[at].topic)
    }

    /// What waits for the writer and what waits for a read have one bound: beyond it the stream is not read.
    mutating func boundStream() {
        let bytes = publisher.queuedBytes + waitingBytes
        if bytes > Self.queuedBytesHigh, !publisher.isHoldingStream {
            publisher.isHoldingStream = true
            actions.append(.pauseStream)
        } else if bytes < Self.queuedBytesLow, publisher.isHoldingStream {
            publisher.isHoldingStream = false
            listeningSince = now
            actions.append(.resumeStream)
        }
    }

    /// Nothing was published with them: what they wait for is there.
    private mutating func answerDueTickets() {
        for ticket in dueTickets { actions.append(.opened(ticket: ticket, imported: true)) }
        dueTickets = []
    }

    mutating func committed(_ batch: Int) {
        settled(batch, succeeded: true)
        if refusals.taken(at: now) { actions.append(.reconnect(reason: "the log takes events again")) }
        for session in awaitingCommit.sorted() { proceed(session) }
        startReads()
    }

    /// What this log knows is not what was said to it: it is asked anew, and upstream read again, once it takes something. Until then each try
    /// costs one small batch and no word.
    mutating func refused(_ batch: Int) {
        let since = settled(batch, succeeded: false)
        // Nothing that came behind it may stand in the log without it.
        publisher.dropGathered()
        dueRecords = []
        isStateDue = false
        forgetUpstream(from: since)
        for ticket in dueTickets { actions.append(.opened(ticket: ticket, imported: false)) }
        dueTickets = []
        provenHeard = min(provenHeard, since ?? provenHeard)
        if !refusals.isRefusing { actions.append(.warn("the log refuses events: nothing is followed until it takes them", session: nil)) }
        actions.append(.recall(after: refusals.refused(at: now)))
    }

    /// Gives since when (ms since 1970) its events had come.
    @discardableResult
    private mutating func settled(_ batch: Int, succeeded: Bool) -> Int64? {
        for ticket in ticketsOfBatch.removeValue(forKey: batch) ?? [] { actions.append(.opened(ticket: ticket, imported: succeeded)) }
        return publisher.settled(batch)
    }

    // When upstream was heard.

    mutating func heard() {
        lastHeard = now
        if now - provenHeard >= IngestState.interval, !refusals.isRefusing { isStateDue = true }
    }

    /// To a log that refuses there is nothing to say that its next start does not find out.
    mutating func stopping() {
        guard !refusals.isRefusing else { return }
        isStateDue = isStateDue || lastHeard.map { $0 > provenHeard } ?? false
        publish()
    }
}
