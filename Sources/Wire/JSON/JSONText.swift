// The text of JSON strings: from escapes to characters and back.

public enum JSONText {
    @inlinable
    public static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }

    /// The UTF-16 units of a string's inner bytes (checked JSON), as JavaScript reads them: lone surrogates stay.
    public static func utf16(_ text: ArraySlice<UInt8>) -> [UInt16] {
        var units: [UInt16] = []
        units.reserveCapacity(text.count)
        var at = text.startIndex
        while at < text.endIndex {
            let run = text[at...].prefix { $0 != UInt8(ascii: "\\") }
            units.append(contentsOf: String(decoding: run, as: UTF8.self).utf16)
            at = run.endIndex
            guard at + 1 < text.endIndex else { break }
            at = appendEscape(text, at + 1, &units)
        }
        return units
    }

    static func decoded(_ text: ArraySlice<UInt8>) -> String { String(decoding: utf16(text), as: UTF16.self) }

    /// In place: an escape costs what it adds. Gives the index behind it.
    private static func appendEscape(_ text: ArraySlice<UInt8>, _ at: Int, _ units: inout [UInt16]) -> Int {
        let letter = text[at]
        var next = at + 1
        switch letter {
        case UInt8(ascii: "b"): units.append(8)
        case UInt8(ascii: "f"): units.append(12)
        case UInt8(ascii: "n"): units.append(10)
        case UInt8(ascii: "r"): units.append(13)
        case UInt8(ascii: "t"): units.append(9)
        case UInt8(ascii: "u"):
            units.append(text[next..<next + 4].reduce(0) { $0 << 4 | (hexDigit($1) ?? 0) })
            next += 4
        default: units.append(UInt16(letter))
        }
        return next
    }

    /// Appends `string` as a JSON string with its quotes: the two-letter escapes where there are any, `\u00xx` for other control
    /// characters, everything else as UTF-8 (what `JSON.stringify` does).
    public static func append(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(string, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// The same without the quotes.
    public static func appendEscaped(_ string: String, to bytes: inout [UInt8]) {
        // Ids and names have nothing to escape, and are most of what is written.
        let isPlain = string.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        if isPlain { return bytes.append(contentsOf: string.utf8) }
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: [0x5C, byte])
            case UInt8(ascii: "\\"): bytes.append(contentsOf: [0x5C, byte])
            case 8: bytes.append(contentsOf: [0x5C, UInt8(ascii: "b")])
            case 9: bytes.append(contentsOf: [0x5C, UInt8(ascii: "t")])
            case 10: bytes.append(contentsOf: [0x5C, UInt8(ascii: "n")])
            case 12: bytes.append(contentsOf: [0x5C, UInt8(ascii: "f")])
            case 13: bytes.append(contentsOf: [0x5C, UInt8(ascii: "r")])
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(hexLetter(byte >> 4))
                bytes.append(hexLetter(byte & 15))
            default: bytes.append(byte)
            }
        }
    }

    private static func hexLetter(_ nibble: UInt8) -> UInt8 { nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10 }
}
