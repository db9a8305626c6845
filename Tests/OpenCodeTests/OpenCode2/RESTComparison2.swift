// What 2.x has besides row and messages, the queue and cards; and a small healer for the tests' own use.

import OpenCode
import RelayProtocol
import Wire

enum RESTComparison2 {
    private static let untoldOfRunning = ["metadata", "session"]

    /// How the fold differs from the read, in words; empty: not at all.
    static func differences(_ folded: FoldedSession, _ read: SessionRead) -> [String] {
        var found = RESTComparison.differences(folded, read, untoldOfRunning: untoldOfRunning)
        found += list("queue", folded.queue, read.queue)
        found += cards("permission", folded.permissions, read.permissions) + cards("question", folded.questions, read.questions)
        return found
    }

    private static func list(_ name: String, _ held: JSONValue?, _ read: [UInt8]?) -> [String] {
        guard let read, let value = try? JSON.parse(read) else { return [] }
        if let held {
            return held.says(sameAs: value) ? [] : ["\(name) is \(RESTComparison.text(held)), not \(RESTComparison.text(value))"]
        }
        return value.items.isEmpty ? [] : ["there is no \(name)"]
    }

    private static func cards(_ name: String, _ held: [FoldedCard], _ read: [CardRead]?) -> [String] {
        guard let read else { return [] }
        var found = held.map(\.id) == read.map(\.id) ? [] : ["\(name)s \(held.map(\.id)) are \(read.map(\.id))"]
        for (mine, theirs) in zip(held, read) {
            guard let value = try? JSON.parse(theirs.object) else { return ["\(theirs.id) is no JSON"] }
            found += RESTComparison.differences(theirs.id, mine.object, value, besides: [])
        }
        return found
    }

    // Healing: what the read has and the fold has not. A heard text stays.

    static func healing(_ folded: FoldedSession, _ read: SessionRead) -> [Event] {
        var events: [Event] = []
        if let row = read.row, let value = try? JSON.parse(row),
            folded.session.map({ !RESTComparison.differences("row", $0, value, besides: ["updated"]).isEmpty }) ?? true
        {
            events.append(.session(read.session, row))
        }
        for message in read.messages {
            let held = folded.messages.first { $0.id == message.id }
            if let news = news(message, held) { events.append(.message(message.id, news)) }
            for part in message.parts where isNews(part, held?.parts.first { $0.id == part.id }) {
                events.append(.part(part.id, part.object))
            }
            let ids = Set(message.parts.map(\.id))
            for part in held?.parts ?? [] where !ids.contains(part.id) && part.currentText.isEmpty { events.append(.partRemoved(part.id)) }
        }
        if read.isComplete {
            let ids = Set(read.messages.map(\.id))
            for message in folded.messages where !ids.contains(message.id) { events.append(.messageRemoved(message.id)) }
        }
        if !list("queue", folded.queue, read.queue).isEmpty, let queue = read.queue { events.append(.queue(queue)) }
        return events
    }

    /// The message object to say; with the order of its parts, where one was found late.
    private static func news(_ message: MessageRead, _ held: FoldedMessage?) -> [UInt8]? {
        guard let held, let object = try? JSON.parse(message.object) else { return message.object }
        let wanted = message.parts.map(\.id)
        let there = held.parts.map(\.id).filter { wanted.contains($0) }
        let isOrdered = there + wanted.filter { !there.contains($0) } == wanted
        if isOrdered, RESTComparison.differences(message.id, held.object, object, besides: ["created", "turn"]).isEmpty { return nil }
        return JSONWriter.object { writer in
            for (key, value) in object.members {
                writer.key(named: key)
                writer.raw(value.raw)
            }
            writer.member("turn", held.object["turn"])
            if !isOrdered { writer.member("parts", strings: wanted) }
        }
    }

    /// A read never takes away words.
    private static func isNews(_ part: PartRead, _ held: FoldedPart?) -> Bool {
        guard let held, let whole = RESTComparison.whole(held), let value = try? JSON.parse(part.object) else { return true }
        if value["type"]?.says("text") == true || value["type"]?.says("reasoning") == true {
            guard let given = value["text"]?.rawText, !(held.currentText.count > given.count && held.currentText.starts(with: given)) else {
                return false
            }
        }
        let isRunning = value["state"]?.says("running") == true
        return !RESTComparison.differences(part.id, whole, value, besides: isRunning ? untoldOfRunning : []).isEmpty
    }
}
