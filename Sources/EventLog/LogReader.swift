// Reading: connections that cannot write, each on a thread of its own. A read transaction lasts one page or one answer.

import RelayProtocol
import SQLite
import Wire

/// Confined to one reader thread.
public final class LogReader {
    public let database: Connection

    init(path: String) throws { database = try Connection(path: path, mode: .readOnly) }

    /// One view of the log for everything in `body`.
    public func transaction<T>(_ body: (LogSnapshot) throws -> T) throws -> T {
        try database.readTransaction { try body(LogSnapshot(database: database)) }
    }
}

/// The log as one transaction sees it. Not to be kept beyond it.
public struct LogSnapshot {
    public let database: Connection

    public init(database: Connection) { self.database = database }

    public func topic(_ name: TopicName) throws -> TopicState? {
        let row = try database.statement("SELECT number, head, start, random, removed_through, ts, events FROM topics WHERE name = ?")
        row.bind(1, name.text)
        defer { row.reset() }
        guard try row.step() else { return nil }
        let head = UInt64(row.int(1))
        let epoch = Epoch(start: UInt32(row.int(2)), random: UInt32(row.int(3)))
        return TopicState(
            number: row.int(0), head: head == 0 ? .origin : Position(epoch: epoch, offset: head), removedThrough: UInt64(row.int(4)),
            timestamp: row.int(5), count: row.int(6))
    }

    /// The last position of a topic; the origin if there is no event.
    public func head(_ name: TopicName) throws -> Position { try topic(name)?.head ?? .origin }

    /// The position before the first event that is kept.
    public func start(_ topic: TopicState) throws -> Position {
        guard topic.removedThrough > 0 else { return .origin }
        let row = try database.statement("SELECT start, random FROM epochs WHERE topic = ? AND first <= ? ORDER BY first DESC LIMIT 1")
        row.bind(1, topic.number)
        row.bind(2, Int64(topic.removedThrough))
        defer { row.reset() }
        guard try row.step() else { return .origin }
        return Position(epoch: Epoch(start: UInt32(row.int(0)), random: UInt32(row.int(1))), offset: topic.removedThrough)
    }

    /// Judges where a reader wants to go on.
    public func resume(_ name: TopicName, after point: ResumePoint) throws -> Resume {
        let topic = try topic(name)
        let start = try topic.map { try self.start($0) } ?? .origin
        switch point {
        case .none: return .exact(after: topic?.head ?? .origin)
        case .earliest: return .exact(after: start)
        case .text(let text):
            guard let position = Position(text) else { return .invalid(reason: "malformed", before: start) }
            return try judge(position, topic, start)
        }
    }

    private func judge(_ position: Position, _ topic: TopicState?, _ start: Position) throws -> Resume {
        let removedThrough = topic?.removedThrough ?? 0
        if position == .origin { return removedThrough == 0 ? .exact(after: .origin) : .removed(before: start) }
        guard let topic, let range = try offsets(of: position.epoch, topic) else { return .invalid(reason: "epoch", before: start) }
        guard range.contains(position.offset) else { return .invalid(reason: "offset", before: start) }
        return position.offset < removedThrough ? .removed(before: start) : .exact(after: position)
    }

    /// The offsets that an epoch of this topic has; nil if it is none of its.
    private func offsets(of epoch: Epoch, _ topic: TopicState) throws -> ClosedRange<UInt64>? {
        let row = try database.statement(
            """
            SELECT first, (SELECT min(next.first) FROM epochs AS next WHERE next.topic = epochs.topic AND next.first > epochs.first)
            FROM epochs WHERE topic = ? AND start = ? AND random = ?
            """)
        row.bind(1, topic.number)
        row.bind(2, Int(epoch.start))
        row.bind(3, Int(epoch.random))
        defer { row.reset() }
        guard try row.step() else { return nil }
        let first = UInt64(row.int(0)), end = row.isNull(1) ? topic.head.offset : UInt64(row.int(1)) - 1
        return first <= end ? first...end : nil
    }

    /// Lines behind an offset: at most so many, and so many bytes, but at least one if there is one.
    public func page(_ name: TopicName, after offset: UInt64, maxBytes: Int, maxEvents: Int) throws -> LinePage {
        guard let topic = try topic(name) else { return LinePage(last: .origin) }
        var page = LinePage(last: topic.head)
        let rows = try database.statement(
            """
            SELECT lines FROM rows WHERE key >= coalesce((SELECT max(key) FROM rows WHERE key > ?1 AND key <= ?2), ?2) AND key < ?3 ORDER BY key
            """)
        rows.bind(1, Int64(topic.number << 40))
        rows.bind(2, topic.number << 40 | Int64(min(offset, Position.offsetLimit) + 1))
        rows.bind(3, Int64((topic.number + 1) << 40))
        defer { rows.reset() }
        while try rows.step() {
            guard take(rows.blob(0), after: offset, maxBytes, maxEvents, &page) else {
                page.isLast = false
                break
            }
        }
        if let line = page.lastLine, let last = EventLine.position(of: line) { page.last = last }
        return page
    }

    /// Adds a row's lines; false when the page is full.
    private func take(_ lines: [UInt8], after offset: UInt64, _ maxBytes: Int, _ maxEvents: Int, _ page: inout LinePage) -> Bool {
        var from = lines.startIndex
        while from < lines.endIndex {
            let past = (lines[from...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.endIndex - 1) + 1
            if let position = EventLine.position(of: lines[from..<past]), position.offset > offset {
                if page.count > 0, page.bytes.count + (past - from) > maxBytes || page.count >= maxEvents { return false }
                page.bytes += lines[from..<past]
                page.ends.append(Int32(page.bytes.count))
                page.offsets.append(position.offset)
            }
            from = past
        }
        return true
    }

    /// What the adapter had committed with this session's events.
    public func record(_ name: TopicName) throws -> [UInt8]? {
        guard let topic = try topic(name) else { return nil }
        let row = try database.statement("SELECT bytes FROM records WHERE topic = ?")
        row.bind(1, topic.number)
        defer { row.reset() }
        return try row.step() ? row.blob(0) : nil
    }

    public func blob(_ name: TopicName, _ hash: String) throws -> (mime: String?, bytes: [UInt8])? {
        guard let topic = try topic(name) else { return nil }
        return try BlobStore(database: database).read(hash, topic: topic.number)
    }

    /// Topics by name, behind `after`.
    public func topics(after: String?, limit: Int) throws -> [(name: TopicName, state: TopicState)] {
        let rows = try database.statement(
            "SELECT name, number, head, start, random, removed_through, ts, events FROM topics WHERE name > ? AND head > 0 ORDER BY name LIMIT ?")
        rows.bind(1, after ?? "")
        rows.bind(2, limit)
        defer { rows.reset() }
        var all: [(TopicName, TopicState)] = []
        while try rows.step() {
            guard let name = TopicName(rows.text(0)) else { continue }
            let epoch = Epoch(start: UInt32(rows.int(3)), random: UInt32(rows.int(4)))
            let state = TopicState(
                number: rows.int(1), head: Position(epoch: epoch, offset: UInt64(rows.int(2))), removedThrough: UInt64(rows.int(5)),
                timestamp: rows.int(6), count: rows.int(7))
            all.append((name, state))
        }
        return all
    }

    /// The newest event's time, ms since 1970; nil for an empty log.
    public func newestTimestamp() throws -> Int64? {
        let row = try database.statement("SELECT max(ts) FROM topics")
        defer { row.reset() }
        guard try row.step(), !row.isNull(0), row.int(0) > 0 else { return nil }
        return row.int(0)
    }
}

extension LinePage {
    var lastLine: ArraySlice<UInt8>? {
        guard let end = ends.last else { return nil }
        return bytes[(ends.count > 1 ? Int(ends[ends.count - 2]) : 0)..<Int(end)]
    }

    init(last: Position) { self.init(bytes: [], ends: [], offsets: [], last: last, isLast: true) }
}
