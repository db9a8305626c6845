// The table of commands: kept as long as the log, not derived from it. A row is written when a command is accepted and changed as it goes.

import RelayProtocol
import SQLite
import Wire

/// A command as its row has it.
public struct CommandRow: Sendable, Equatable {
    public var key: CommandKey
    public var kind: CommandKind
    /// The card that a reply is for.
    var target: String?
    var hash: [UInt8]
    public var state: CommandState
    /// The upstream's ids for it, committed before anything goes out.
    var identifiers: [String]
    var checkpoint: [UInt8]?
    /// Nil once it is settled: the content is dropped, the hash stays.
    var stored: StoredCommand?
    var result: [UInt8]?
    var created: Int64
    var updated: Int64

    func answer(isReplay: Bool) -> CommandAnswer {
        CommandAnswer(
            id: key.id, kind: kind, state: state, result: result, created: created, updated: updated, isReplay: isReplay)
    }
}

struct CommandTable {
    let database: Connection

    func find(_ key: CommandKey) throws -> CommandRow? {
        let row = try database.statement(
            """
            SELECT session, by, id, kind, target, hash, state, identifiers, checkpoint, request, result, created, updated FROM commands
            WHERE session = ?1 AND by = ?2 AND id = ?3
            """)
        row.bind(1, key.session)
        row.bind(2, key.by)
        row.bind(3, key.id)
        return try row.first(CommandRow.init(columns:)) ?? nil
    }

    func insert(_ command: CommandRow) throws {
        let row = try database.statement(
            """
            INSERT INTO commands (session, by, id, upstream, kind, target, hash, state, identifiers, checkpoint, request, result, created, updated)
            VALUES (?1, ?2, ?3, 'opencode', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """)
        row.bind(1, command.key.session)
        row.bind(2, command.key.by)
        row.bind(3, command.key.id)
        row.bind(4, command.kind.rawValue)
        row.bind(5, command.target)
        row.bind(6, command.hash)
        row.bind(7, command.state.rawValue)
        row.bind(8, JSONList.bytes(command.identifiers))
        row.bind(9, command.checkpoint)
        row.bind(10, command.stored?.json)
        row.bind(11, command.result)
        row.bind(12, command.created)
        row.bind(13, command.updated)
        try row.run()
    }

    /// A final command keeps no checkpoint and no content (a prompt may carry files).
    func change(_ key: CommandKey, _ change: CommandChange, now: Int64) throws {
        let row = try database.statement(
            """
            UPDATE commands SET state = ?4, checkpoint = ?5, result = ?6, updated = ?7, request = CASE WHEN ?8 THEN NULL ELSE request END
            WHERE session = ?1 AND by = ?2 AND id = ?3
            """)
        row.bind(1, key.session)
        row.bind(2, key.by)
        row.bind(3, key.id)
        row.bind(4, change.state.rawValue)
        row.bind(5, change.state.isFinal ? nil : change.checkpoint)
        row.bind(6, change.result)
        row.bind(7, now)
        row.bind(8, change.state.isFinal ? 1 : 0)
        try row.run()
    }

    /// Those that may still have to go upstream, in the order in which they were accepted.
    func undecided() throws -> [CommandRow] {
        let rows = try database.statement(
            """
            SELECT session, by, id, kind, target, hash, state, identifiers, checkpoint, request, result, created, updated FROM commands
            WHERE state IN ('accepted', 'sent') ORDER BY created, rowid
            """)
        return try rows.all(CommandRow.init(columns:)).compactMap { $0 }
    }

    /// Somebody's reply to a card of this session is on its way, or has arrived.
    func hasReply(to card: String, kind: CommandKind) throws -> Bool {
        let row = try database.statement(
            "SELECT 1 FROM commands WHERE kind = ?1 AND target = ?2 AND state IN ('accepted', 'sent', 'done') LIMIT 1")
        row.bind(1, kind.rawValue)
        row.bind(2, card)
        return try row.first { _ in true } ?? false
    }

    /// The newest prompt of a session that was not refused: of those that changed in the same millisecond, the one that was accepted last.
    func newestPrompt(of session: String) throws -> NewestPrompt? {
        let row = try database.statement(
            """
            SELECT state, result, updated, identifiers FROM commands
            WHERE session = ?1 AND kind = 'prompt' AND state <> 'refused' ORDER BY updated DESC, rowid DESC LIMIT 1
            """)
        row.bind(1, session)
        return try row.first { columns in
            NewestPrompt(
                state: CommandState(rawValue: columns.text(0)) ?? .sent, identifiers: JSONList.strings(columns.blob(3)),
                result: columns.optionalBlob(1), updated: columns.int(2))
        }
    }
}

extension NewestPrompt {
    init(state: CommandState, identifiers: [String], result: [UInt8]?, updated: Int64) {
        let message = state == .done ? result.flatMap { (try? JSON.parse($0))?["message"]?.string } : identifiers.first
        self.init(state: state, message: message, updated: updated)
    }
}

extension CommandRow {
    /// Nil for a row that a later version wrote.
    init?(columns: Statement) {
        guard let kind = CommandKind(rawValue: columns.text(3)), let state = CommandState(rawValue: columns.text(6)) else { return nil }
        key = CommandKey(session: columns.text(0), by: columns.text(1), id: columns.text(2))
        self.kind = kind
        target = columns.optionalText(4)
        hash = columns.blob(5)
        self.state = state
        identifiers = JSONList.strings(columns.blob(7))
        checkpoint = columns.optionalBlob(8)
        stored = columns.optionalBlob(9).flatMap(StoredCommand.init(json:))
        result = columns.optionalBlob(10)
        created = columns.int(11)
        updated = columns.int(12)
    }
}
