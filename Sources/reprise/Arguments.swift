// Flags and operands of a subcommand. Every flag is declared; what is not declared is an error, and so is a value that is missing or empty,
// and a flag that is said twice.

/// The words after the subcommand, read by a declared set of flags.
struct Arguments {
    struct Flag {
        let name: String
        /// What its value is called in the usage; nil for a switch.
        let value: String?
        let isRepeatable: Bool

        static func value(_ name: String, _ value: String, repeatable: Bool = false) -> Flag {
            Flag(name: name, value: value, isRepeatable: repeatable)
        }
        static func `switch`(_ name: String) -> Flag { Flag(name: name, value: nil, isRepeatable: false) }
    }

    private var values: [String: [String]] = [:]
    private(set) var operands: [String] = []

    /// `wanted`: what the operands are called in the usage; each of them must be there.
    init(_ words: [String], flags: [Flag], operands wanted: [String] = []) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word != "--" else {
                if word == "--" {
                    operands += rest
                    break
                }
                operands.append(word)
                continue
            }
            try take(word, &rest, flags)
        }
        if operands.count < wanted.count { throw UsageError("\(wanted[operands.count]) is missing") }
        if operands.count > wanted.count { throw UsageError("“\(operands[wanted.count])” is one word too many") }
        if let empty = operands.firstIndex(of: "") { throw UsageError("\(wanted[empty]) is empty") }
    }

    private mutating func take(_ word: String, _ rest: inout ArraySlice<String>, _ flags: [Flag]) throws(UsageError) {
        let pieces = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let flag = flags.first(where: { $0.name == pieces[0] }) else { throw UsageError("unknown flag \(pieces[0])") }
        guard flag.isRepeatable || values[flag.name] == nil else { throw UsageError("\(flag.name) was given twice") }
        guard flag.value != nil else {
            guard pieces.count == 1 else { throw UsageError("\(flag.name) takes no value") }
            values[flag.name] = [""]
            return
        }
        guard let value = pieces.count == 2 ? pieces[1] : Self.value(&rest), !value.isEmpty else {
            throw UsageError("\(flag.name) wants a value")
        }
        values[flag.name, default: []].append(value)
    }

    /// The next word, but not another flag: that one's own value would be lost.
    private static func value(_ rest: inout ArraySlice<String>) -> String? { rest.first?.hasPrefix("--") == true ? nil : rest.popFirst() }

    /// A number between bounds; nil where the flag was not given.
    func number<Number: FixedWidthInteger>(_ name: String, _ range: ClosedRange<Number>) throws(UsageError) -> Number? {
        guard let text = self[name] else { return nil }
        guard let number = Number(text), range.contains(number) else {
            throw UsageError("\(name) is a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    subscript(_ name: String) -> String? { values[name]?.last }
    func all(_ name: String) -> [String] { values[name] ?? [] }
    func has(_ name: String) -> Bool { values[name] != nil }
}

/// The command line is wrong: exit 2.
struct UsageError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// It failed, and why, and what to try: exit 1.
struct Failure: Error {
    let reason: String
    let hint: String?
    init(_ reason: String, hint: String? = nil) {
        self.reason = reason
        self.hint = hint
    }
}
