// A fold compared with what REST says, and a small healer for the tests' own use. A text that only we have heard is longer than REST's and
// stays; places (`created`) stay as they were said first; `turn` is ours.

import OpenCode
import RelayProtocol
import Wire

enum RESTComparison2 {
    /// How the fold differs from the read, in words; empty: not at all.
    static func differences(_ folded: FoldedSession, _ read: SessionRead) -> [String] {
        var found: [String] = []
        if let row = read.row, let value = try? JSON.parse(row), let held = folded.session {
            found += differences("row", held, value, besides: ["updated"])
        } else if read.row != nil {
            found.append("there is no row")
        }
        if folded.messages.map(\.id) != read.messages.map(\.id) {
            found.append("messages \(folded.messages.map(\.id)) are \(read.messages.map(\.id))")
        }
        for (held, message) in zip(folded.messages, read.messages) { found += differences(held, message) }
        found += list("queue", folded.queue, read.queue)
        found += cards("permission", folded.permissions, read.permissions) + cards("question", folded.questions, read.questions)
        return found
    }

    private static func list(_ name: String, _ held: JSONValue?, _ read: [UInt8]?) -> [String] {
        guard let read, let value = try? JSON.parse(read) else { return [] }
        if let held { return held.says(sameAs: value) ? [] : ["\(name) is \(text(held)), not \(text(value))"] }
        return value.items.isEmpty ? [] : ["there is no \(name)"]
    }

    private static func cards(_ name: String, _ held: [FoldedCard], _ read: [CardRead]?) -> [String] {
        guard let read else { return [] }
        var found = held.map(\.id) == read.map(\.id) ? [] : ["\(name)s \(held.map(\.id)) are \(read.map(\.id))"]
        for (mine, theirs) in zip(held, read) {
            guard let value = try? JSON.parse(theirs.object) else { return ["\(theirs.id) is no JSON"] }
            found += differences(theirs.id, mine.object, value, besides: [])
        }
        return found
    }

    private static func differences(_ held: FoldedMessage, _ read: MessageRead) -> [String] {
        guard let object = try? JSON.parse(read.object) else { return ["\(read.id) is no JSON"] }
        var found = differences(read.id, held.object, object, besides: ["created", "turn"])
        if held.parts.map(\.id) != read.parts.map(\.id) {
            found.append("parts of \(read.id): \(held.parts.map(\.id)) are \(read.parts.map(\.id))")
        }
        for (mine, theirs) in zip(held.parts, read.parts) {
            guard let value = try? JSON.parse(theirs.object), let whole = whole(mine) else { return ["\(theirs.id) is no JSON"] }
            let isHeard = value["open"]?.bool == true && value["text"]?.rawText?.isEmpty == true
            let isRunning = value["state"]?.says("running") == true
            found += differences(theirs.id, whole, value, besides: (isHeard ? ["text"] : []) + (isRunning ? ["metadata", "session"] : []))
        }
        return found
    }

    private static func whole(_ part: FoldedPart) -> JSONValue? {
        var writer = JSONWriter()
        part.write(to: &writer)
        return try? JSON.parse(writer.bytes)
    }

    private static func differences(_ name: String, _ a: JSONValue, _ b: JSONValue, besides: [String]) -> [String] {
        var found: [String] = []
        for (key, value) in b.members where !besides.contains(key) {
            guard let mine = a.member(named: key) else {
                found.append("\(name).\(key) is missing")
                continue
            }
            if !mine.says(sameAs: value) { found.append("\(name).\(key) is \(text(mine)), not \(text(value))") }
        }
        for (key, _) in a.members where !besides.contains(key) && b.member(named: key) == nil { found.append("\(name).\(key) is too much") }
        return found
    }

    private static func text(_ value: JSONValue) -> String { String(decoding: value.raw.prefix(200), as: UTF8.self) }

    // Healing: what the read has and the fold has not. A heard text stays.

    static func healing(_ folded: FoldedSession, _ read: SessionRead) -> [Event] {
        var events: [Event] = []
        if let row = read.row, let value = try? JSON.parse(row),
            folded.session.map({ !differences("row", $0, value, besides: ["updated"]).isEmpty }) ?? true
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
        if isOrdered, differences(message.id, held.object, object, besides: ["created", "turn"]).isEmpty { return nil }
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
        guard let held, let whole = whole(held), let value = try? JSON.parse(part.object) else { return true }
        if value["type"]?.says("text") == true || value["type"]?.says("reasoning") == true {
            guard let given = value["text"]?.rawText, !(held.currentText.count > given.count && held.currentText.starts(with: given)) else {
                return false
            }
        }
        let isRunning = value["state"]?.says("running") == true
        return !differences(part.id, whole, value, besides: isRunning ? ["metadata", "session"] : []).isEmpty
    }
}
