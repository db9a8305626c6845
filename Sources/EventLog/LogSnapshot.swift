// The log as one transaction sees it: a reader's, or the writer's own while it runs.

import RelayProtocol
import SQLite

/// Not to be kept beyond its transaction.
public struct LogSnapshot {
    public let database: Connection

    public init(database: Connection) { self.database = database }

    private var table: TopicTable { TopicTable(database: database) }

    /// Nil for a topic that does not exist (any more).
    public func topic(_ name: TopicName) throws -> TopicState? { try table.find(name).map(TopicState.init) }

    /// The last position of a topic; the origin if there is no event.
    public func head(_ name: TopicName) throws -> Position { try table.find(name)?.head ?? .origin }

    /// The position before the first event that is kept.
    public func start(_ topic: TopicState) throws -> Position { try table.position(of: topic.removedThrough, in: topic.number) }

    /// The position of the first event that is kept; the origin if there is none.
    public func first(_ topic: TopicState) throws -> Position {
        try table.position(of: try RowTable(database: database).firstOffset(of: topic.number) ?? 0, in: topic.number)
    }

    /// Lines behind an offset: at most so many, and so many bytes, but at least one if there is one.
    public func page(_ name: TopicName, after offset: UInt64, maxBytes: Int, maxEvents: Int) throws -> LinePage {
        var builder = PageBuilder(after: offset, maxBytes: maxBytes, maxEvents: maxEvents)
        guard let topic = try table.find(name) else { return LinePage(builder, last: .origin) }
        try RowTable(database: database).read(topic.number, into: &builder)
        let last = try builder.offsets.last.map { try table.position(of: $0, in: topic.number) } ?? topic.head
        return LinePage(builder, last: last)
    }

    /// What the adapter had committed with this session's events.
    public func record(_ name: TopicName) throws -> [UInt8]? { try table.find(name).flatMap { try table.record(of: $0.number) } }

    public func blob(_ name: TopicName, _ hash: String) throws -> (mime: String?, bytes: [UInt8])? {
        try table.find(name).flatMap { try BlobTable(database: database).read(hash, $0.number) }
    }

    /// Topics that have or had events, by name, behind `after`.
    public func topics(after: String?, limit: Int) throws -> [(name: TopicName, state: TopicState)] {
        try table.list(after: after ?? "", limit: limit).map { ($0.name, TopicState($0)) }
    }

    /// The time of the newest event that upstream can have told, ms since 1970; nil where there is none. What clients publish proves nothing.
    public func newestTimestamp() throws -> Int64? {
        let row = try database.statement(
            """
            SELECT max(max(ts, coalesce((SELECT rows.ts FROM rows WHERE key >= number << 40 AND key < (number + 1) << 40
            ORDER BY key DESC LIMIT 1), 0))) FROM topics WHERE name = 'opencode' OR name GLOB 'ses_*'
            """)
        defer { row.reset() }
        guard try row.step(), !row.isNull(0), row.int(0) > 0 else { return nil }
        return row.int(0)
    }
}
