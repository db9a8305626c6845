// JSON as two runs of the same recording should say it: sorted members, ids by their names, times and what depends on the machine left out.

import Foundation
import Wire

struct NormalizedJSON {
    /// What no relay reads, and what differs from server to server.
    private static let leftOut: Set<String> = [
        "slug", "version", "projectID", "project", "snapshot", "hash", "pid", "delta", "diffs", "responseHeaders", "ref", "outputPath",
    ]
    /// Texts whose length depends on the moment.
    private static let cutTexts: Set<String> = ["text", "output"]

    var names = IDNames()
    /// So much of a text counts; nil: all.
    var textLength: Int?

    /// What an answer says, which is of the session that the call was about.
    mutating func text(_ value: JSONValue, about target: String) -> String {
        enter(target)
        return text(value)
    }

    mutating func enter(_ target: String) {
        let session = target.prefix { $0 != "?" }.split(separator: "/").first { $0.hasPrefix("ses_") }
        names.enter(session.map(String.init))
    }

    mutating func text(_ value: JSONValue, under key: String = "") -> String {
        switch value.kind {
        case .object:
            let members = value.members.filter { key, value in
                !Self.leftOut.contains(key) && !(value.string?.hasPrefix("/home/dev/home/") ?? false)
            }
            var lines: [String] = []
            for (key, value) in members.sorted(by: { $0.key < $1.key }) { lines.append("\(names.named(key)):\(text(value, under: key))") }
            return "{" + lines.joined(separator: ",") + "}"
        case .array:
            var items: [String] = []
            for item in value.items { items.append(text(item, under: key)) }
            return "[" + items.joined(separator: ",") + "]"
        case .string: return key == "next" || key == "previous" ? "C" : string(value.string ?? "", under: key)
        case .number: return (value.int ?? 0) > 1_700_000_000_000 ? "T" : String(decoding: value.raw, as: UTF8.self)
        default: return String(decoding: value.raw, as: UTF8.self)
        }
    }

    private mutating func string(_ text: String, under key: String) -> String {
        var text = names.named(text)
        if text.hasPrefix("New session - ") { text = "New session - T" }
        // From here on it is the server's own stack.
        if let stack = text.range(of: "\n    at ") { text = String(text[..<stack.lowerBound]) }
        if text.hasPrefix("Failed query") || text.hasPrefix("EffectDrizzle") { text = String(text.prefix(12)) }
        if let textLength, Self.cutTexts.contains(key) { text = String(text.prefix(textLength)) }
        return "\"" + text + "\""
    }
}
