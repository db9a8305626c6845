// Ids by the order in which they appear, so that two runs of the same recording can be compared, and requests of one be asked of the other.

struct IDNames {
    private var names: [String: String] = [:]
    private var ids: [String: String] = [:]
    private var counts: [String: Int] = [:]
    /// Of what session the ids are that come now: several sessions at once mix their ids at will. Sessions are counted over all.
    var scope = ""

    private static let prefixes: Set<Substring> = ["ses", "msg", "prt", "per", "que", "frm", "call", "sh", "psv"]

    /// What an id is called; an id is one that was seen in a frame or an answer.
    mutating func name(_ id: String) -> String {
        if let name = names[id] { return name }
        let prefix = id.prefix { $0 != "_" }
        let place = prefix == "ses" ? "ses#" : "\(prefix)#\(scope)"
        counts[place, default: 0] += 1
        let name = place + String(counts[place] ?? 0)
        names[id] = name
        ids[name] = id
        return name
    }

    /// - Parameter session: nil: what belongs to none.
    mutating func enter(_ session: String?) {
        scope = ""
        if let session { scope = "\(name(session).dropFirst("ses#".utf8.count))." }
    }

    func known(_ id: String) -> String? { names[id] }
    func id(_ name: String) -> String? { ids[name] }

    /// Each id in a text put through `change`.
    static func replacing(_ text: String, _ change: (String) -> String) -> String {
        guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
        var result = ""
        var word = ""
        func flush() {
            let prefix = word.prefix { $0 != "_" }
            let isID = prefixes.contains(prefix) && word.utf8.count > prefix.utf8.count + 1
            result += isID ? change(word) : word
            word = ""
        }
        for character in text {
            if character.isASCII, character.isLetter || character.isNumber || character == "_" {
                word.append(character)
            } else {
                flush()
                result.append(character)
            }
        }
        flush()
        return result
    }

    mutating func named(_ text: String) -> String {
        var copy = self
        let result = Self.replacing(text) { copy.name($0) }
        self = copy
        return result
    }
}
