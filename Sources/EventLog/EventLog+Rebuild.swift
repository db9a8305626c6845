// Deriving the projection anew from the log alone, with nobody else at work.

import Reactor
import RelayProtocol
import SQLite
import Wire

extension EventLog {
    private static let pageBytes = 1 << 20

    /// Takes the folder's lock, clears the projection and gives it every session topic's events again, in order, page by page. What applying
    /// says about other topics is in the log already and is not appended again. Gives how many topics there were. Makes nothing where no log is.
    public static func rebuild(folder: String, options: LogOptions = LogOptions(), projection: any Projection) throws(LogError) -> Int {
        let file = DatabaseFile(folder: folder)
        guard file.isThere else { throw .noLog(folder: folder) }
        do {
            let lock = LockHolder(try FolderLock.take(folder: folder))
            defer { lock.release() }
            let database = try file.open(options)
            try database.transaction {
                // Until it ends nobody opens the log: half of a projection looks like a whole one.
                try database.execute("UPDATE meta SET value = 1 WHERE name = 'rebuilding'")
                try projection.install(in: database)
                try projection.clear(in: database)
            }
            let count = try replay(database, projection)
            try database.execute("UPDATE meta SET value = 0 WHERE name = 'rebuilding'")
            return count
        } catch { throw LogError(error) }
    }

    private static func replay(_ database: SQLite.Connection, _ projection: any Projection) throws -> Int {
        let snapshot = LogSnapshot(database: database)
        var last: String?
        var count = 0
        while true {
            let topics = try snapshot.topics(after: last, limit: 500)
            for topic in topics where topic.name.kind == .session {
                try replay(topic.name, topic.state, snapshot, projection)
                count += 1
            }
            guard let name = topics.last?.name.text else { return count }
            last = name
        }
    }

    private static func replay(_ name: TopicName, _ state: TopicState, _ snapshot: LogSnapshot, _ projection: any Projection) throws {
        var reached = state.removedThrough
        while true {
            let page = try snapshot.page(name, after: reached, maxBytes: pageBytes, maxEvents: 10_000)
            guard page.count > 0 else { return }
            try snapshot.database.transaction {
                for batch in try batches(page, name, state.number) { _ = try projection.apply(batch, in: snapshot.database) }
            }
            reached = page.last.offset
        }
    }

    /// A page's lines as the batches that they once were as far as it matters: consecutive offsets, one epoch, one time.
    private static func batches(_ page: LinePage, _ name: TopicName, _ number: Int64) throws -> [ProjectedEvents] {
        var batches: [ProjectedEvents] = []
        var start = 0
        for end in page.ends {
            let line = try EventLine.parse(Array(page.bytes[start..<Int(end)]))
            start = Int(end)
            if let open = batches.last, open.epoch == line.position.epoch, open.timestamp == line.timestamp,
                line.position.offset == open.firstOffset + UInt64(open.events.count)
            {
                batches[batches.count - 1].events.append(line.event)
            } else {
                batches.append(
                    ProjectedEvents(
                        topic: name, topicNumber: number, epoch: line.position.epoch, timestamp: line.timestamp,
                        firstOffset: line.position.offset, events: [line.event]))
            }
        }
        return batches
    }
}
