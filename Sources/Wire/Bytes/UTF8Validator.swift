// UTF-8, checked as it comes and refused at the first byte that no valid text can have there: overlong forms,
// surrogates and what lies above U+10FFFF are seen at their second byte (Unicode 17, table 3-7).
// ASCII is passed thirty-two bytes at a time.

public struct UTF8Validator: Sendable {
    // Continuation bytes still owed, and what the next of them may be.
    private var owed = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    public init() {}

    /// Whether the text may end here.
    public var isComplete: Bool { owed == 0 }

    /// Whether the text so far can still become valid. After false the validator is of no further use.
    public mutating func accept(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if owed > 0 {
                guard byte >= lowest && byte <= highest else { return false }
                (owed, lowest, highest) = (owed - 1, 0x80, 0xBF)
            } else if byte < 0x80 {
                index = bytes.endOfASCII(from: index)
                continue
            } else if !begin(byte) {
                return false
            }
            index += 1
        }
        return true
    }

    /// Whether that is a whole, valid text.
    public static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var validator = UTF8Validator()
        return validator.accept(bytes) && validator.isComplete
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: owed = 1
        case 0xE0: (owed, lowest) = (2, 0xA0)
        case 0xE1...0xEC, 0xEE...0xEF: owed = 2
        case 0xED: (owed, highest) = (2, 0x9F)
        case 0xF0: (owed, lowest) = (3, 0x90)
        case 0xF1...0xF3: owed = 3
        case 0xF4: (owed, highest) = (3, 0x8F)
        default: return false
        }
        return true
    }
}

extension Span<UInt8> {
    /// The first byte beyond ASCII at or after `from`, or the end.
    fileprivate func endOfASCII(from: Int) -> Int {
        let high: UInt64 = 0x8080_8080_8080_8080
        var index = from
        while index &+ 32 <= count,
            (word(at: index) | word(at: index &+ 8) | word(at: index &+ 16) | word(at: index &+ 24)) & high == 0
        {
            index &+= 32
        }
        while index &+ 8 <= count {
            let hits = word(at: index) & high
            if hits != 0 { return index &+ hits.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count, self[index] < 0x80 { index &+= 1 }
        return index
    }
}
