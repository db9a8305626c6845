// The byte classes of HTTP's grammar (RFC 9110, 5.6) and comparison without regard to ASCII case.

extension UInt8 {
    /// `tchar`: what a method or a field name consists of.
    var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"),
            UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// What may stand in a field value: visible, space, tab, or beyond ASCII.
    var isFieldValueCharacter: Bool { self >= 0x20 ? self != 0x7F : self == 0x09 }

    var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }
    var isOptionalWhitespace: Bool { self == 0x20 || self == 0x09 }

    var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    var asciiLowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}

extension BidirectionalCollection where Element == UInt8 {
    func trimmingOptionalWhitespace() -> SubSequence {
        guard let first = firstIndex(where: { !$0.isOptionalWhitespace }),
            let last = lastIndex(where: { !$0.isOptionalWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}

func equalIgnoringASCIICase(_ one: String, _ other: String) -> Bool {
    // Most names that are compared differ in length.
    guard one.utf8.count == other.utf8.count else { return false }
    let (one, other) = (one.utf8.span, other.utf8.span)
    for index in one.indices where one[index].asciiLowercased != other[index].asciiLowercased { return false }
    return true
}
