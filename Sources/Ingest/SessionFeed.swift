// What ingest keeps of a session that it follows, between two inputs. A session that is idle for a while is let go: then its translator
// comes back from record and log, as after a restart.

import OpenCode
import RelayProtocol
import Wire

/// One session that is followed.
struct SessionFeed: Sendable {
    enum Phase: Sendable {
        /// Nothing was asked of the log yet.
        case new
        /// Record and fold are on their way; frames wait.
        case loading
        case live
        /// Being read, from the first request to the last comparison; frames wait.
        case reading
    }

    let topic: TopicName
    var phase = Phase.new
    var translator: (any SessionTranslator)?
    var waiting: [JSONValue] = []
    var isImported = false
    var notes = SessionNotes()
    /// What the log holds as this session's record, or is on its way there.
    var record: [UInt8]?
    var isRecordDue = false
    /// The batch that brought its last events or record.
    var saidIn: Int?
    var isReadWanted = false
    var reading: SessionReading?
    /// Reads that failed, one after the other.
    var failures = 0
    /// What was said of it before: committed before the log is asked for it.
    var saidBefore: Int?
    /// The load whose answer counts; an older one's comes too late.
    var load: Int?
    var readAt: Int64?
    var translatorWakeAt: Int64?
    /// After an accepted prompt: when something must have been heard.
    var expectedBy: Int64?
    /// A frame waits for the outcome of a reply of ours, until then at most.
    var heldUntil: Int64?
    /// When a frame came last that told something, or waits.
    var lastHeardAt: Int64 = 0
    /// When it was of use last.
    var touchedAt: Int64
    /// The newest message that the log knows whole: a read may end there.
    var lastWhole: String?

    init(topic: TopicName, now: Int64) {
        self.topic = topic
        touchedAt = now
    }

    var session: String { topic.text }
    var isBusy: Bool { translator?.isBusy == true }

    mutating func noteHeard(at now: Int64) {
        expectedBy = nil
        lastHeardAt = now
    }

    /// Its next frame may be translated at once. Across an outage what waits for a read waits for it with its frames.
    func isFollowing(_ isHealing: Bool) -> Bool { phase == .live && waiting.isEmpty && !(isReadWanted && isHealing) }

    /// A translator is woken only while it follows: a wake that is due sooner would be asked for again and again.
    func wakeAt(idleAfter: Int64) -> Int64 {
        let idleAt = touchedAt + idleAfter
        return [readAt, phase == .live ? translatorWakeAt : nil, expectedBy, heldUntil].reduce(idleAt) { min($0, $1 ?? .max) }
    }

    /// Nothing is under way, nothing is asked for: all that is known of it stands in the log, or will.
    var isIdle: Bool {
        phase == .live && !isBusy && waiting.isEmpty && !isReadWanted && readAt == nil && translatorWakeAt == nil && expectedBy == nil
            && heldUntil == nil
    }

    /// A read of it is wanted or under way, or frames wait that nobody has translated. Its record says so, from the transaction that has what
    /// made it wanted to the one that has the read.
    var isReadOwed: Bool { phase == .reading || isReadWanted || readAt != nil || !waiting.isEmpty }

    var storedRecord: [UInt8]? {
        guard let translator else { return nil }
        var notes = notes
        notes.isReadOwed = isReadOwed
        return IngestRecord(isImported: isImported, notes: notes, adapter: translator.record).bytes
    }
}

/// A read of a session that is under way.
struct SessionReading: Sendable {
    /// Row, cards, status and the newest messages; nil while they are asked for.
    var newest: SessionRead?
    /// Nil until the log was asked what it knows.
    var walk: HistoryWalk?
    /// The older page that is compared next; nil: the newest.
    var page: SessionRead?
    /// Older pages were said.
    var hasSaid = false
    /// The page that is asked for when what was said before is committed.
    var next: String?
}
