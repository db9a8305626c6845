// A fold compared with what REST says, as far as both generations have the same: the row, messages and their parts. A text that only we have
// heard is longer than REST's and stays; places (`created`) stay as they were said first; `turn` is ours.

import OpenCode
import RelayProtocol
import Wire

enum RESTComparison {
    /// How the fold differs from the read, in words; empty: not at all.
    /// - Parameter untoldOfRunning: fields of a part that runs, of which only events tell.
    static func differences(_ folded: FoldedSession, _ read: SessionRead, untoldOfRunning: [String] = []) -> [String] {
        var found: [String] = []
        if let row = read.row, let value = try? JSON.parse(row), let held = folded.session {
            found += differences("row", held, value, besides: ["updated"])
        } else if read.row != nil {
            found.append("there is no row")
        }
        if folded.messages.map(\.id) != read.messages.map(\.id) {
            found.append("messages \(folded.messages.map(\.id)) are \(read.messages.map(\.id))")
        }
        for (held, message) in zip(folded.messages, read.messages) { found += differences(held, message, untoldOfRunning) }
        return found
    }

    private static func differences(_ held: FoldedMessage, _ read: MessageRead, _ untoldOfRunning: [String]) -> [String] {
        guard let object = try? JSON.parse(read.object) else { return ["\(read.id) is no JSON"] }
        var found = differences(read.id, held.object, object, besides: ["created", "turn"])
        if held.parts.map(\.id) != read.parts.map(\.id) {
            found.append("parts of \(read.id): \(held.parts.map(\.id)) are \(read.parts.map(\.id))")
        }
        for (mine, theirs) in zip(held.parts, read.parts) {
            guard let value = try? JSON.parse(theirs.object), let whole = whole(mine) else { return ["\(theirs.id) is no JSON"] }
            let isHeard = value["open"]?.bool == true && value["text"]?.rawText?.isEmpty == true
            let isRunning = value["state"]?.says("running") == true
            found += differences(theirs.id, whole, value, besides: (isHeard ? ["text"] : []) + (isRunning ? untoldOfRunning : []))
        }
        return found
    }

    static func whole(_ part: FoldedPart) -> JSONValue? {
        var writer = JSONWriter()
        part.write(to: &writer)
        return try? JSON.parse(writer.bytes)
    }

    static func differences(_ name: String, _ a: JSONValue, _ b: JSONValue, besides: [String]) -> [String] {
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

    static func text(_ value: JSONValue) -> String { String(decoding: value.raw.prefix(200), as: UTF8.self) }
}
