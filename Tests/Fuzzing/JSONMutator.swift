// Changes an input of lines by its structure: bytes changed at random are hardly ever JSON any more, and what lies behind the parser would
// never be reached. A value is put in the place of another one, a name in the place of another name, lines are doubled, moved and dropped.

import Wire

struct JSONMutator {
    var random: SplitMix

    init(random: SplitMix) { self.random = random }

    private static let words: [String] = [
        "null", "true", "false", "0", "-1", "1", "7", "1.5", "1e3", "1e400", "9223372036854775807", "-9223372036854775808",
        "9007199254740993", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"e\\u0301\"", "\"\u{e9}\"", "\"\u{65}\u{301}\"",
        "\"a\"", "\"b\"", "\"p\"", "{}", "[]", "[[]]", "[{}]", "{\"id\":\"a\"}", "{\"type\":\"text\",\"text\":\"x\"}", "\"text\"",
        "\"tool\"",
        "\"p\\u0061rts\"", "\"\\u006frder\"", "\"i\\u0064\"", String(repeating: "[", count: 160) + String(repeating: "]", count: 160),
    ]

    /// Nil where the change is better left to libFuzzer: sometimes, and when there is no JSON.
    mutating func mutated(_ input: [UInt8]) -> [UInt8]? {
        guard !input.isEmpty else { return nil }
        var lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
        switch random.next() % 8 {
        case 0: return nil
        case 1: moveLine(&lines)
        default: guard changeValue(&lines) else { return nil }
        }
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    private mutating func moveLine(_ lines: inout [[UInt8]]) {
        let from = Int.random(in: lines.indices, using: &random)
        let line = lines[from]
        if random.next() % 2 == 0 { lines.remove(at: from) }
        if random.next() % 3 != 0 { lines.insert(line, at: Int.random(in: 0...lines.count, using: &random)) }
    }

    private mutating func changeValue(_ lines: inout [[UInt8]]) -> Bool {
        let place = Int.random(in: lines.indices, using: &random)
        guard let (start, ranges) = values(of: lines[place]), let victim = ranges.randomElement(using: &random) else { return false }
        let other = lines[Int.random(in: lines.indices, using: &random)]
        var replacement = Array(Self.words.randomElement(using: &random)?.utf8 ?? "0".utf8)
        if random.next() % 2 == 0, let (otherStart, found) = values(of: other), let range = found.randomElement(using: &random) {
            replacement = Array(other[otherStart...][otherStart + range.lowerBound..<otherStart + range.upperBound])
        }
        lines[place].replaceSubrange(start + victim.lowerBound..<start + victim.upperBound, with: replacement)
        return true
    }

    /// Where the JSON of a line begins, and where its values and names stand in it.
    private func values(of line: [UInt8]) -> (start: Int, ranges: [Range<Int>])? {
        guard let start = line.firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }),
            let value = try? JSON.parse(Array(line[start...]), depth: 512)
        else { return nil }
        var ranges: [Range<Int>] = []
        Self.collect(value, into: &ranges)
        return (start, ranges)
    }

    private static func collect(_ value: JSONValue, into ranges: inout [Range<Int>]) {
        ranges.append(value.range)
        for item in value.items { collect(item, into: &ranges) }
        value.forEachMember { key, member in
            ranges.append(key.range)
            collect(member, into: &ranges)
        }
    }
}
