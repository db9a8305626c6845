// From 2.x's frames to events, for one session. A value: what it knows between two frames is what the log holds, the record, and the
// objects that are open.
//
// The rule that keeps it right: nothing goes back. A frame that a read has overtaken (the stream was held while REST was asked) is
// translated like any other; a text that is whole, a call that is over and a message that was completed later stay as they are, and what
// equals the last thing said is not said again.

import RelayProtocol
import Wire

struct OpenCode2Translator: SessionTranslator {
    let session: String
    var directory: String?
    /// The newest durable frame that was heard, and what the last read contains at least.
    var sequence: Int?
    var readThrough: Int?
    var row: OpenCode2Row?
    /// Of the row that was said: what says itself at once, and the sums.
    var saidRow: (essence: Fingerprint, sums: Fingerprint)?
    var saidUpdated: Int?
    var isGone = false
    var status = SessionStatus.idle
    var run = OpenCode2Run()
    var messages = OpenCode2Messages()
    var permissions: [OpenCode2Card] = []
    var questions: [OpenCode2Card] = []
    /// Cards that a read withdrew: their answers may be among the frames that it held.
    var withdrawnByRead: Set<String> = []
    var inbox = OpenCode2Inbox()
    var saidQueue: Fingerprint?
    var saidTasks: Fingerprint?
    /// Of the frame that is translated.
    private var heard: Int?
    /// On this connection no read was made, and nothing was heard of how what the log has as running or asked went on: the next read judges. A
    /// new title or a prompt that waits does not tell.
    var isFresh = true
    var out = Translation()

    init(session: String, record: [UInt8]?, held: FoldedSession) {
        self.session = session
        let record = record.map(OpenCode2Record.init) ?? OpenCode2Record()
        sequence = record.sequence
        inbox = record.inbox
        run.isUndecided = record.isUndecided
        run.isDeclined = record.isDeclined
        adopt(held)
        adopt(record)
        directory = record.directory ?? held.session?["directory"]?.string
    }

    var record: [UInt8] {
        var record = OpenCode2Record()
        record.sequence = sequence
        record.directory = directory
        record.isUndecided = run.isUndecided
        record.isDeclined = run.isDeclined
        if let row, row.updated != saidUpdated || row.sums != saidRow?.sums {
            record.waiting = OpenCode2Record.Waiting(updated: row.updated, cost: row.cost, tokens: row.tokens)
        }
        for (id, open) in messages.open.sorted(by: { $0.key < $1.key }) where open.message.completed == nil {
            if let hash = open.snapshot { record.snapshots.append((id, hash)) }
        }
        record.inbox = inbox
        return record.bytes
    }

    var isBusy: Bool { run.isOpen || run.isUndecided || status != .idle || !permissions.isEmpty || !questions.isEmpty }

    mutating func wake(now: Int64) -> Translation { Translation() }

    mutating func receive(_ frame: JSONValue, now: Int64) -> Translation {
        out = Translation()
        if !isBusy { isFresh = false }
        let frame = OpenCode2Frame(frame)
        guard let type = frame.type?.string, let data = frame.data else {
            say(.upstream(OpenCode2Words.carried(frame.whole)))
            return out
        }
        let isBirth = type == "session.created" || type == "session.forked"
        if isGone && !isBirth { return out }
        guard isNews(frame, isBirth: isBirth) else { return out }
        heard = frame.sequence
        defer { heard = nil }
        translate(type, frame, data)
        return out
    }

    /// The frame was held while a read closed the run that it tells of.
    var isOfClosedRun: Bool { isIn(run.closedThrough) }
    /// The same while a read found that it runs.
    var isHeldStart: Bool { isIn(run.resumedThrough) }

    private func isIn(_ through: Int?) -> Bool {
        guard let heard, let through else { return false }
        return heard <= through
    }

    /// A durable frame counts once. A jump says only "read again": 2.x makes holes by itself.
    private mutating func isNews(_ frame: OpenCode2Frame, isBirth: Bool) -> Bool {
        guard let number = frame.sequence else { return true }
        if isBirth && (isGone || row == nil) {
            sequence = number
            readThrough = nil
            return true
        }
        if let sequence, number <= sequence { return false }
        if let through = [sequence, readThrough].compactMap({ $0 }).max(), number > through &+ 1 { wish(.read) }
        sequence = number
        if frame.version ?? 1 > 2 { wish(.read) }
        return true
    }

    // Saying.

    mutating func say(_ event: Event) { out.events.append(event) }

    mutating func wish(_ wish: Wish) {
        if !out.wishes.contains(wish) { out.wishes.append(wish) }
    }

    mutating func setStatus(_ new: SessionStatus) {
        guard status != new else { return }
        status = new
        say(.status(new))
    }

    /// A message that is in the making.
    mutating func say(message id: String) {
        guard let open = messages[id] else { return }
        let object = open.message.object
        let print = Fingerprint(object)
        guard open.said != print else { return }
        messages[id]?.said = print
        say(.message(id, object))
    }

    /// A part of a message in the making.
    mutating func say(part: PartRead, of message: String, as state: OpenCode2Open.Part.State = .whole) {
        let print = Fingerprint(part.object)
        let before = messages[message]?.parts[part.id]
        messages[message]?.parts[part.id] = OpenCode2Open.Part(state: state, said: print)
        if before?.said != print { say(.part(part.id, part.object)) }
    }

    mutating func say(tool: OpenCode2Tool) {
        say(part: PartRead(id: tool.id, object: tool.object(directory: directory)), of: tool.message, as: .tool(tool))
    }

    /// A message that is whole from its first word. Said once.
    mutating func say(whole mapped: OpenCode2Words.Mapped, turn: Int? = nil) {
        guard !messages.isKnown(mapped.message.id) else { return }
        var message = mapped.message
        message.turn = turn
        messages.place(message)
        say(.message(message.id, message.object))
        for part in mapped.parts { say(.part(part.id, part.object)) }
    }
}

/// A card that is open.
struct OpenCode2Card: Sendable {
    var id: String
    var said: Fingerprint
}
