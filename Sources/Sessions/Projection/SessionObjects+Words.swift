// The newest words of a session, for its line in a list.

import Wire

extension SessionObjects {
    /// How far back words are looked for: a turn may end in tools.
    private static let messagesLookedAt = 8

    /// The beginning of the newest text that a person or the model wrote.
    func newestWords() throws -> String? {
        var words: String?
        var seen = 0
        try messages(before: nil) { message in
            seen += 1
            words = try parts(of: message.key).reversed().lazy.compactMap(Self.words).first
            return words == nil && seen < Self.messagesLookedAt
        }
        return words
    }

    private static func words(_ row: PartRow) -> String? {
        let object = row.part.object
        guard object["type"]?.says("text") == true, object["synthetic"]?.bool != true else { return nil }
        let quoted = [UInt8(ascii: "\"")] + row.part.currentText + [UInt8(ascii: "\"")]
        let words = (try? JSON.parse(quoted))?.string.map(LobbyEntry.words) ?? ""
        return words.isEmpty ? nil : words
    }
}
