// Objects compared and written field by field, for the healer.

import Wire

enum ObjectFields {
    static func differ(_ a: JSONValue, _ b: JSONValue, besides: [String]) -> Bool {
        let mine = a.members.filter { !besides.contains($0.key) }
        let theirs = b.members.filter { !besides.contains($0.key) }
        guard mine.count == theirs.count else { return true }
        return !mine.allSatisfy { field in theirs.contains { $0.key == field.key && $0.value.says(sameAs: field.value) } }
    }

    /// A message object with `created`, `turn` and `parts` as given.
    static func setting(_ object: JSONValue, created: Int, parts: [String]?, keeping turn: JSONValue? = nil) -> [UInt8] {
        JSONWriter.object { writer in
            for (key, value) in object.members where key != "parts" && !(key == "turn" && turn != nil) {
                writer.key(named: key)
                if key == "created" { writer.int(created) } else { writer.raw(value.raw) }
            }
            writer.member("turn", turn)
            writer.member("parts", strings: parts)
        }
    }
}
