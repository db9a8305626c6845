// A case's flags. Every flag is declared; what is not declared is an error, and so is a value that is missing or no number.

enum Flag: Hashable {
    case number(String)
    case text(String)
    case `switch`(String)

    var name: String {
        switch self {
        case .number(let name), .text(let name), .switch(let name): name
        }
    }
}

struct Flags {
    /// As they were given, but for those that say how to print.
    let words: [String]
    private var values: [String: String] = [:]

    init(_ words: [String], allowed: [Flag]) throws(UsageError) {
        self.words = words.filter { $0 != "--json" }
        var rest = words[...]
        while let word = rest.popFirst() {
            guard let flag = allowed.first(where: { $0.name == word }) else { throw UsageError("unknown flag \(word)") }
            if case .switch = flag {
                values[word] = ""
                continue
            }
            guard let value = rest.popFirst() else { throw UsageError("\(word) wants a value") }
            if case .number = flag, Int(value).map({ $0 >= 0 }) != true { throw UsageError("\(word) wants a number, not “\(value)”") }
            values[word] = value
        }
    }

    func has(_ name: String) -> Bool { values[name] != nil }
    func text(_ name: String) -> String? { values[name] }
    func number(_ name: String, default fallback: Int) -> Int { values[name].flatMap { Int($0) } ?? fallback }
}

/// The command line is wrong: exit 2.
struct UsageError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
