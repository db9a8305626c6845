// The row of one session: everything of its state that is not a message, a turn or a card.

import RelayProtocol
import SQLite
import Wire

struct SessionRow: Sendable, Equatable {
    /// The topic's number in the log.
    var topic: Int64
    var id: String
    /// The session object as it was last said.
    var object: [UInt8]?
    /// The payload of the last `status`.
    var status: [UInt8]?
    var isRemoved = false
    /// Last activity, ms since 1970: what the object says, or a later turn or card that came live.
    var updated: Int64 = 0
    var openPermissions = 0
    var openQuestions = 0
    var last: String?
    var tasks: [UInt8]?
    var queue: [UInt8]?
    var error: [UInt8]?
    /// The lobby's entry as it was last said.
    var entry: [UInt8]?
    /// All events up to here are in the rows …
    var appliedThrough: UInt64 = 0
    /// … but for deltas after this.
    var deltasThrough: UInt64 = 0

    // Read from `object`, columns for what is searched by.
    private(set) var title: String?
    private(set) var directory: String?
    private(set) var parent: String?
    private(set) var archived: Int64?

    init(topic: Int64, id: String) {
        self.topic = topic
        self.id = id
    }

    mutating func replaceObject(_ session: JSONValue) {
        object = Array(session.raw)
        isRemoved = session["gone"]?.bool == true
        title = session["title"]?.string
        directory = session["directory"]?.string
        parent = session["parent"]?.string
        archived = session["archived"]?.int.map(Int64.init)
        updated = max(updated, session["updated"]?.int.map(Int64.init) ?? 0)
    }

    /// What comes live is activity now; what a heal or an import tells happened at some other time.
    mutating func noteActivity(_ event: Event, at timestamp: Int64) {
        if event.origin == nil { updated = max(updated, timestamp) }
    }

    var statusName: String {
        guard let status, let payload = try? JSON.parse(status) else { return SessionStatus.idle.name }
        return payload["status"]?.string ?? SessionStatus.idle.name
    }
}

// The columns, in one order for reading and writing.
extension SessionRow {
    static func load(topic: Int64, from database: Connection) throws -> SessionRow? {
        let found = try database.statement(
            """
            SELECT topic, id, object, title, directory, parent, status, removed, updated, archived, permissions, questions, last, tasks, queue,
                error, entry, applied_through, deltas_through FROM sessions WHERE topic = ?1
            """)
        found.bind(1, topic)
        return try found.first(SessionRow.init(columns:))
    }

    static func load(id: String, from database: Connection) throws -> SessionRow? {
        let found = try database.statement("SELECT topic FROM sessions WHERE id = ?1")
        found.bind(1, id)
        guard let topic = try found.first({ $0.int(0) }) else { return nil }
        return try load(topic: topic, from: database)
    }

    init(columns: Statement) {
        self.init(topic: columns.int(0), id: columns.text(1))
        object = columns.optionalBlob(2)
        title = columns.optionalText(3)
        directory = columns.optionalText(4)
        parent = columns.optionalText(5)
        status = columns.optionalBlob(6)
        isRemoved = columns.int(7) != 0
        updated = columns.int(8)
        archived = columns.isNull(9) ? nil : columns.int(9)
        openPermissions = Int(columns.int(10))
        openQuestions = Int(columns.int(11))
        last = columns.optionalText(12)
        tasks = columns.optionalBlob(13)
        queue = columns.optionalBlob(14)
        error = columns.optionalBlob(15)
        entry = columns.optionalBlob(16)
        appliedThrough = UInt64(columns.int(17))
        deltasThrough = UInt64(columns.int(18))
    }

    func save(to database: Connection) throws {
        let saved = try database.statement(
            """
            INSERT INTO sessions (topic, id, object, title, directory, parent, status, removed, updated, archived, permissions, questions, last,
                tasks, queue, error, entry, applied_through, deltas_through, upstream)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, 'opencode')
            ON CONFLICT (topic) DO UPDATE SET object = ?3, title = ?4, directory = ?5, parent = ?6, status = ?7, removed = ?8, updated = ?9,
                archived = ?10, permissions = ?11, questions = ?12, last = ?13, tasks = ?14, queue = ?15, error = ?16, entry = ?17,
                applied_through = ?18, deltas_through = ?19
            """)
        saved.bind(1, topic)
        saved.bind(2, id)
        saved.bind(3, object)
        saved.bind(4, title)
        saved.bind(5, directory)
        saved.bind(6, parent)
        saved.bind(7, status)
        saved.bind(8, isRemoved ? 1 : 0)
        saved.bind(9, updated)
        saved.bind(10, optional: archived)
        saved.bind(11, openPermissions)
        saved.bind(12, openQuestions)
        saved.bind(13, last)
        saved.bind(14, tasks)
        saved.bind(15, queue)
        saved.bind(16, error)
        saved.bind(17, entry)
        saved.bind(18, Int64(appliedThrough))
        saved.bind(19, Int64(deltasThrough))
        try saved.run()
    }
}
