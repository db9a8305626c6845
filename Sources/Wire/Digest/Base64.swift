// Base64 (RFC 4648). Decoding is strict: no white space, no stray bits, padding exactly where the alphabet has it.

public enum Base64 {
    public enum Alphabet: Sendable {
        /// `+` and `/`, padded with `=` (section 4).
        case standard
        /// `-` and `_`, without padding (section 5).
        case url
    }

    public static func encode(_ bytes: [UInt8], alphabet: Alphabet = .standard) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { text.append(character(bits >> (18 - 6 * place) & 63, alphabet)) }
            if alphabet == .standard { text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - group.count)) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for anything that `encode` would not have written.
    public static func decode(_ text: String, alphabet: Alphabet = .standard) -> [UInt8]? {
        var characters = Array(text.utf8)
        if alphabet == .standard {
            guard characters.count.isMultiple(of: 4) else { return nil }
            for _ in 0..<2 where characters.last == UInt8(ascii: "=") { characters.removeLast() }
            guard (characters.count + 3) / 4 * 4 == text.utf8.count else { return nil }
        }
        let values = characters.compactMap { value($0, alphabet) }
        guard values.count == characters.count, values.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: values.count, by: 4) {
            guard append(values[start..<min(start + 4, values.count)], to: &bytes) else { return nil }
        }
        return bytes
    }

    /// False if bits beyond the last byte are set.
    private static func append(_ group: ArraySlice<UInt8>, to bytes: inout [UInt8]) -> Bool {
        let bits = group.reduce(0) { $0 << 6 | Int($1) } << (6 * (4 - group.count))
        let byteCount = group.count - 1
        for place in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: bits >> (16 - 8 * place))) }
        return bits & ((1 << (24 - 8 * byteCount)) - 1) == 0
    }

    private static func character(_ value: Int, _ alphabet: Alphabet) -> UInt8 {
        switch value {
        case ..<26: UInt8(ascii: "A") + UInt8(value)
        case ..<52: UInt8(ascii: "a") + UInt8(value - 26)
        case ..<62: UInt8(ascii: "0") + UInt8(value - 52)
        case 62: alphabet == .standard ? UInt8(ascii: "+") : UInt8(ascii: "-")
        default: alphabet == .standard ? UInt8(ascii: "/") : UInt8(ascii: "_")
        }
    }

    private static func value(_ character: UInt8, _ alphabet: Alphabet) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+") where alphabet == .standard, UInt8(ascii: "-") where alphabet == .url: 62
        case UInt8(ascii: "/") where alphabet == .standard, UInt8(ascii: "_") where alphabet == .url: 63
        default: nil
        }
    }
}
