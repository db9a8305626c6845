// Ids by the order in which they appear, so that two runs of the same recording can be compared, and requests of one be asked of the other.

struct IDNames {
    private var names: [String: String] = [:]
    private var ids: [String: String] = [:]
    private var counts: [Substring: Int] = [:]

    private static let prefixes: Set<Substring> = ["ses", "msg", "prt", "per", "que", "frm", "call", "sh", "psv"]

    /// What an id is called; an id is one that was seen in a frame or an answer.
    mutating func name(_ id: String) -> String {
        if let name = names[id] { return name }
        let prefix = id.prefix { $0 != "_" }
        counts[prefix, default: 0] += 1
        let name = "\(prefix)#\(counts[prefix] ?? 0)"
        names[id] = name
        ids[name] = id
        return name
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
