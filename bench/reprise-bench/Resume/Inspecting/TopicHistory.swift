// A topic's log, understood: what was said when. Read from the lines alone.

import RelayProtocol
import TestSupport
import Wire

struct TopicHistory {
    struct Entry {
        let time: Int64
        let type: String
        let event: JSONValue
        /// A read has brought it, not the stream.
        let isRead: Bool
    }

    let entries: [Entry]

    init(_ lines: [String]) throws {
        entries = try lines.map { line in
            let value = try JSON.parse(Array(line.utf8), depth: Limits.lineDepth)
            let event = value["event"]?.copied()
            return Entry(
                time: Int64(value["ts"]?.int ?? 0), type: event?["type"]?.string ?? "", event: event ?? value, isRead: value["origin"] != nil)
        }
    }

    var outages: [Outage] { entries.compactMap { Outage($0.event) } }

    /// The last that was said of the status before or at this time.
    func status(at time: Int64) -> String {
        entries.last { $0.time <= time && $0.type == "status" }?.event["status"]?.string ?? "idle"
    }

    /// It came to rest by what was still heard between the two times.
    func becameIdle(after start: Int64, until end: Int64) -> Bool {
        entries.contains { $0.time > start && $0.time <= end && $0.type == "status" && $0.event["status"]?.string == "idle" }
    }

    /// The messages that were not completed at one of these times.
    func openMessages(at times: [Int64]) -> Set<String> {
        var (open, found) = (Set<String>(), Set<String>())
        var rest = times.sorted()[...]
        for entry in entries {
            while let time = rest.first, entry.time > time {
                found.formUnion(open)
                rest.removeFirst()
            }
            guard entry.type == "message", let message = entry.event["message"], let id = message["id"]?.string else { continue }
            if message["completed"] == nil, message["role"]?.string == "assistant" { open.insert(id) } else { open.remove(id) }
        }
        return rest.isEmpty ? found : found.union(open)
    }

    /// The ids of the messages of people whose text has this in it.
    func prompts(with mark: String) -> Set<String> {
        Set(
            entries.compactMap { entry in
                guard entry.type == "part", let part = entry.event["part"], part["text"]?.string?.contains(mark) == true else { return nil }
                return part["message"]?.string
            })
    }

    func fold() -> FoldedSession {
        var folded = FoldedSession()
        for entry in entries { folded.apply(payload: entry.event) }
        return folded
    }
}
