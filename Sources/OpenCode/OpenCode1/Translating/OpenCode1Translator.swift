// From the frames of one session of 1.18 to its events. A value: what it must know after a restart is its record; all else it takes from
// what the log holds. What equals the last thing said of an object is not said again.
//
// Each durable fact comes twice: the plain frame is translated, its twin only counted. A count that jumps means that something was missed:
// the session is read again. Late frames (held while the session was read) never take a state back that the read has told already.

import RelayProtocol
import Wire

struct OpenCode1Translator: SessionTranslator {
    let session: String
    var known = OpenCode1Record()
    var messages = OpenCode1Messages()
    /// The row as it was last said, and one that waits because only its sums moved.
    var row: OpenCode1Words.RowPrint?
    var waitingRow: (object: [UInt8], print: OpenCode1Words.RowPrint)?
    var status = SessionStatus.idle
    var turn: Turn?
    var permissions: [(id: String, print: Fingerprint)] = []
    /// With, for each question, whether it takes many answers.
    var questions: [(id: String, isMultiple: [Bool])] = []
    /// Cards that a read did not list any more, as in `questions`: their answers may be among the frames that it held.
    var unlisted: [String: [Bool]] = [:]
    var tasksPrint: Fingerprint?
    var diffPrint: Fingerprint?
    /// The compaction that runs, in our words.
    var compaction: (id: String, object: [UInt8])?
    /// A row or a message was said: a status may be. A topic is never created from a status.
    var isKnown = false
    var isRemoved = false
    /// When the session was created (ms): messages that are older were forked into it.
    var born: Int?
    /// A read said idle: a `busy` that was held meanwhile may be older than that read.
    var isDoubtful = false
    var doubtfulStatus: SessionStatus?
    /// The message of the last session.error: 1.18 tells an error twice, the second time with a stack trace.
    var lastError: ArraySlice<UInt8>?
    /// Messages that a read was wanted for: once each.
    private var wanted: Set<String> = []
    /// The id of the last plain frame; nil for one without an id.
    private var lastFact: [UInt8]? = []
    private var out = Translation()

    init(session: String, record: [UInt8]?, held: FoldedSession) {
        self.session = session
        if let record { known = OpenCode1Record(record) }
        take(held)
    }

    var record: [UInt8] { known.bytes }
    var directory: String? { known.directory }
    var isTurnOpen: Bool { turn?.state == .started }
    var isBusy: Bool { isTurnOpen || !permissions.isEmpty || !questions.isEmpty }

    mutating func receive(_ frame: JSONValue, now: Int64) -> Translation {
        let envelope = OpenCode1Frame(frame)
        if let type = envelope.type, let properties = envelope.properties {
            if envelope.isTwin {
                twin(envelope, type, properties, now)
            } else {
                if !type.says("message.part.delta") { lastFact = (envelope.id?.rawText).map { Array($0) } }
                translate(frame, type, properties, now)
            }
        } else {
            say(.upstream(OpenCode1Words.carried(frame)))
        }
        return takeOut()
    }

    mutating func wake(now: Int64) -> Translation {
        sayHeldBack(now: now)
        // There is one time to be woken at, and it was the earliest of those wished for.
        if let since = known.run.stoppingSince, isTurnOpen {
            let due = since + Self.stoppingPatience
            wish(now < due ? .wake(at: due) : .read)
        }
        return takeOut()
    }

    mutating func settle(_ read: SessionRead, now: Int64) -> Translation {
        take(read, now: now)
        return takeOut()
    }

    // Saying.

    mutating func say(_ event: Event) { out.events.append(event) }
    mutating func wish(_ wish: Wish) { if !out.wishes.contains(wish) { out.wishes.append(wish) } }

    /// A part or a delta of a message that the log does not hold: the session is read, once for each such message.
    mutating func wantRead(for message: String) {
        if wanted.count > 64 { wanted = [] }
        if wanted.insert(message).inserted { wish(.read) }
    }

    private mutating func takeOut() -> Translation {
        defer { out = Translation() }
        return out
    }

    // Which fact it is.

    private mutating func twin(_ envelope: OpenCode1Frame, _ type: JSONValue, _ properties: JSONValue, _ now: Int64) {
        guard let sequence = envelope.sequence, !isRemoved else { return }
        let isFirst = type.rawText?.starts(with: "session.created".utf8) == true
        // Wraps: upstream may number as high as an integer goes, and then a read is asked for, which harms nobody.
        if let before = known.sequence, sequence > before &+ 1, !isFirst { wish(.read) }
        known.sequence = sequence
        guard let id = envelope.id?.rawText, let lastFact, !lastFact.elementsEqual(id) else { return }
        wish(.read)
    }

    private mutating func translate(_ frame: JSONValue, _ type: JSONValue, _ properties: JSONValue, _ now: Int64) {
        if isRemoved, !type.says("session.created") { return }
        if type.says("message.part.delta") {
            delta(properties, frame)
        } else if type.says("message.part.updated") {
            part(properties, frame, now)
        } else if type.says("message.updated") {
            message(properties)
        } else if type.says("session.status") {
            statusChanged(properties, now)
        } else if type.rawText?.starts(with: "session.".utf8) == true {
            sessionFact(type, properties, frame)
        } else if type.rawText?.starts(with: "message.".utf8) == true {
            removal(type, properties, frame)
        } else {
            cardOrList(type, properties, frame)
        }
    }

    private mutating func sessionFact(_ type: JSONValue, _ properties: JSONValue, _ frame: JSONValue) {
        if type.says("session.created") {
            created(properties)
        } else if type.says("session.updated") {
            rowChanged(properties)
        } else if type.says("session.deleted") {
            deleted()
        } else if type.says("session.error") {
            failed(properties)
        } else if type.says("session.compacted") {
            compacted()
        } else if type.says("session.diff") {
            diff(properties, frame)
        } else if !type.says("session.idle") {
            say(.upstream(OpenCode1Words.carried(frame)))
        }
    }

    private mutating func removal(_ type: JSONValue, _ properties: JSONValue, _ frame: JSONValue) {
        if type.says("message.removed"), let id = properties["messageID"]?.string {
            messages.remove(id)
            say(.messageRemoved(id))
            wish(.read)  // the row's sums go down without an event
        } else if type.says("message.part.removed"), let id = properties["partID"]?.string {
            partRemoved(id, of: properties["messageID"]?.string)
        } else {
            say(.upstream(OpenCode1Words.carried(frame)))
        }
    }

    private mutating func cardOrList(_ type: JSONValue, _ properties: JSONValue, _ frame: JSONValue) {
        if type.says("permission.asked") {
            permissionAsked(properties)
        } else if type.says("permission.replied") {
            permissionReplied(properties)
        } else if type.says("question.asked") {
            questionAsked(properties)
        } else if type.says("question.replied") || type.says("question.rejected") {
            questionClosed(properties, isAnswered: type.says("question.replied"))
        } else if type.says("todo.updated"), let todos = properties["todos"] {
            tasksChanged(OpenCode1Words.tasks(todos))
        } else {
            say(.upstream(OpenCode1Words.carried(frame)))
        }
    }
}
