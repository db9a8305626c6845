// One batch of one session's events on its rows. It does to the tables what `FoldedSession.apply` does to a value; tests hold the two
// beside each other on random sequences.

import EventLog
import RelayProtocol
import SQLite
import Wire

/// A session while a batch is applied: its row, its pending deltas, and what the batch has touched.
struct SessionFold {
    var row: SessionRow
    var pending: PendingDeltas
    let objects: SessionObjects
    let batch: ProjectedEvents
    /// Reads the deltas between two offsets from the log.
    let walk: (_ after: UInt64, _ through: UInt64) throws -> DeltaWalk

    private(set) var cardsChanged = false
    private(set) var parentChanged = false

    init(
        row: SessionRow, pending: PendingDeltas, batch: ProjectedEvents, database: Connection,
        walk: @escaping (_ after: UInt64, _ through: UInt64) throws -> DeltaWalk
    ) {
        self.row = row
        self.pending = pending
        self.batch = batch
        self.walk = walk
        objects = SessionObjects(database: database, topic: batch.topicNumber)
    }

    /// Everything but the entry.
    mutating func run() throws {
        var offset = batch.firstOffset
        for event in batch.events {
            if event.kind == .delta {
                pending.heard(delta: event.id ?? "", bytes: event.payload.count)
            } else {
                pending.passed(bytes: event.payload.count)
                try apply(event, at: offset)
            }
            offset += 1
        }
        pending.reached(offset - 1)
        if pending.isDue { try foldDeltas(through: offset - 1) }
        if cardsChanged {
            row.openPermissions = try objects.openCards(.permission)
            row.openQuestions = try objects.openCards(.question)
        }
        row.appliedThrough = offset - 1
        row.deltasThrough = pending.through
    }

    private mutating func apply(_ event: Event, at offset: UInt64) throws {
        guard event.kind.folds, let payload = try? JSON.parse(event.payload, depth: Limits.lineDepth) else { return }
        switch event.kind {
        case .session: if let session = payload["session"], session.isObject { replace(session) }
        case .sessionRemoved: row.isRemoved = true
        case .status: try status(payload, event, at: offset)
        case .turn: try turn(payload, event, at: offset)
        case .message: try objects.put(message: payload)
        case .messageRemoved: if let id = payload["id"]?.string { try objects.remove(message: id) }
        case .part: if let part = payload["part"] { try put(part, at: offset) }
        case .partRemoved: if let id = payload["id"]?.string { try remove(part: id) }
        case .permission, .question, .permissionClosed, .questionClosed: try card(payload, event, at: offset)
        case .tasks: if let tasks = payload["tasks"], tasks.isArray { row.tasks = Array(tasks.raw) }
        case .queue: if let queue = payload["queue"], queue.isArray { row.queue = Array(queue.raw) }
        case .error: if let error = payload["error"], error.isObject { row.error = Array(error.raw) }
        case .delta, .outage, .notice, .upstream, .entry, .entryRemoved, .plain: break
        }
    }

    private mutating func replace(_ session: JSONValue) {
        let parent = row.parent
        row.replaceObject(session)
        parentChanged = parentChanged || parent != row.parent
    }

    private mutating func status(_ payload: JSONValue, _ event: Event, at offset: UInt64) throws {
        guard let status = SessionStatus(payload: payload) else { return }
        row.status = event.payload
        if status == .idle { try foldDeltas(through: offset) }
    }

    private mutating func turn(_ payload: JSONValue, _ event: Event, at offset: UInt64) throws {
        guard let turn = Turn(payload: payload) else { return }
        try objects.put(turn, payload: event.payload)
        row.noteActivity(event, at: batch.timestamp)
        if turn.isOpen {
            row.error = nil
        } else {
            try foldDeltas(through: offset)
            row.last = try objects.newestWords() ?? row.last
        }
    }

    private mutating func put(_ part: JSONValue, at offset: UInt64) throws {
        if let id = try objects.put(part: part, at: offset) { pending.settled(part: id) }
    }

    private mutating func remove(part id: String) throws {
        try objects.remove(part: id)
        pending.settled(part: id)
    }

    private mutating func card(_ payload: JSONValue, _ event: Event, at offset: UInt64) throws {
        cardsChanged = true
        switch event.kind {
        case .permission: if let card = payload["permission"] { try objects.put(card: .permission, card, at: offset) }
        case .question: if let card = payload["question"] { try objects.put(card: .question, card, at: offset) }
        case .permissionClosed: if let id = payload["id"]?.string { try objects.remove(card: .permission, id) }
        default: if let id = payload["id"]?.string { try objects.remove(card: .question, id) }
        }
        row.noteActivity(event, at: batch.timestamp)
    }

    private mutating func foldDeltas(through offset: UInt64) throws {
        guard !pending.isEmpty else { return }
        try objects.fold(try walk(pending.through, offset))
        pending.folded(through: offset)
    }
}
