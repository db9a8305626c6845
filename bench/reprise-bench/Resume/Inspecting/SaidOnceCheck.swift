// What a session's log says, it says once: no message and no part again as it stands already, no word of a text twice and none left out, no
// prompt in two turns. Read from the lines alone, so that a fold, in which what came twice looks like once, hides nothing.

import TestSupport
import Wire

struct SaidOnceCheck {
    /// A text or a reasoning that streams.
    private struct Streamed {
        var text: [UInt8]
        /// OpenCode was not heard since it began, or not whole: words may be missing, and a read may have brought them.
        var hasGap = false
    }

    private var messages: [String: [UInt8]] = [:]
    private var parts: [String: [UInt8]] = [:]
    private var streamed: [String: Streamed] = [:]
    /// Texts that were said to their end.
    private var closed: Set<String> = []
    private var turns: [String: Set<Int>] = [:]
    private(set) var faults: [String] = []

    init(_ history: TopicHistory) {
        for entry in history.entries { take(entry.event, isRead: entry.isRead) }
        for (prompt, turns) in turns.sorted(by: { $0.key < $1.key }) where turns.count > 1 {
            faults.append("\(prompt) is a prompt of the turns \(turns.sorted())")
        }
    }

    private mutating func take(_ event: JSONValue, isRead: Bool) {
        switch event["type"]?.string {
        case "message": takeMessage(event["message"])
        case "part": takePart(event["part"], isRead)
        case "delta": takeDelta(event)
        case "turn": takeTurn(event)
        case "outage": missWords()
        case "notice" where event["kind"]?.string == "oversize": missWords()
        case "message.removed", "part.removed": forget(event["id"]?.string ?? "")
        default: break
        }
    }

    private mutating func takeMessage(_ message: JSONValue?) {
        guard let message, let id = message["id"]?.string else { return }
        if messages.updateValue(Array(message.raw), forKey: id) == Array(message.raw) { faults.append("\(id) is said twice") }
    }

    private mutating func takePart(_ part: JSONValue?, _ isRead: Bool) {
        guard let part, let id = part["id"]?.string else { return }
        let bytes = Array(part.raw)
        if parts.updateValue(bytes, forKey: id) == bytes { faults.append("\(id) is said twice") }
        guard ["text", "reasoning"].contains(part["type"]?.string), let text = part["text"]?.string else { return }
        if let said = streamed.removeValue(forKey: id), !said.hasGap, !Self.isEnd(Array(text.utf8), of: said.text, isRead) {
            faults.append("\(id) was streamed as \(said.text.count) bytes and ends as \(text.utf8.count)")
        }
        if part["open"]?.bool == true {
            streamed[id] = Streamed(text: Array(text.utf8))
            closed.remove(id)
        } else {
            closed.insert(id)
        }
    }

    /// A read brings the end of a text before the words that were under way. 1.18 leaves out white space at the end.
    private static func isEnd(_ whole: [UInt8], of streamed: [UInt8], _ isRead: Bool) -> Bool {
        if isRead, whole.starts(with: streamed) { return true }
        return streamed.starts(with: whole) && streamed[whole.count...].allSatisfy { $0 <= 0x20 }
    }

    private mutating func takeDelta(_ event: JSONValue) {
        guard let id = event["part"]?.string, let text = event["text"]?.string else { return }
        // From here on the same words again are news.
        parts[id] = nil
        guard event["field"] == nil else { return }
        streamed[id]?.text += Array(text.utf8)
        if closed.contains(id) { faults.append("\(id) goes on behind its end") }
    }

    private mutating func missWords() {
        for part in Array(streamed.keys) { streamed[part]?.hasGap = true }
    }

    private mutating func takeTurn(_ event: JSONValue) {
        guard let turn = event["turn"]?.int else { return }
        for prompt in event["prompts"]?.items.compactMap(\.string) ?? [] { turns[prompt, default: []].insert(turn) }
    }

    private mutating func forget(_ id: String) {
        for held in [id] + Array(parts.keys.filter { $0.hasPrefix(id) }) {
            (messages[held], parts[held], streamed[held]) = (nil, nil, nil)
            closed.remove(held)
        }
    }
}
