// All rows made anew from the log. They are right when every answer is what it was, byte for byte.

import EventLog
import RelayProtocol
import SQLite

extension SessionProjection {
    private static let pageBytes = 1 << 20
    private static let pageEvents = 4096

    /// Empties the tables that follow from the log and replays it into them, in the caller's transaction. Nothing is appended: what follows
    /// for other topics is in their logs. Commands stay as they are.
    public static func rebuild(in database: Connection) throws {
        for table in SessionTables.derivedNames { try database.execute("DELETE FROM \(table)") }
        let snapshot = LogSnapshot(database: database)
        let projection = SessionProjection()
        var after: String?
        while true {
            let topics = try snapshot.topics(after: after, limit: 256)
            guard let last = topics.last else { return }
            for topic in topics where topic.name.kind == .session {
                try replay(topic.name, topic.state.number, from: snapshot) { _ = try projection.apply($0, in: database) }
            }
            after = last.name.text
        }
    }

    private static func replay(
        _ name: TopicName, _ number: Int64, from snapshot: LogSnapshot, _ apply: (ProjectedEvents) throws -> Void
    ) throws {
        var reached: UInt64 = 0
        while true {
            let page = try snapshot.page(name, after: reached, maxBytes: pageBytes, maxEvents: pageEvents)
            guard let last = page.offsets.last else { return }
            var start = 0
            var batch: ProjectedEvents?
            for end in page.ends {
                let line = try EventLine.parse(Array(page.bytes[start..<Int(end)]))
                start = Int(end)
                if batch?.take(line) == true { continue }
                if let batch { try apply(batch) }
                batch = ProjectedEvents(
                    topic: name, topicNumber: number, epoch: line.position.epoch, timestamp: line.timestamp,
                    firstOffset: line.position.offset,
                    events: [line.event])
            }
            if let batch { try apply(batch) }
            reached = last
        }
    }
}

extension ProjectedEvents {
    /// Adds the line's event if it was stored with these; false if it belongs to a later batch.
    fileprivate mutating func take(_ line: EventLine) -> Bool {
        guard line.position.epoch == epoch, line.timestamp == timestamp, line.position.offset == firstOffset + UInt64(events.count) else {
            return false
        }
        events.append(line.event)
        return true
    }
}
