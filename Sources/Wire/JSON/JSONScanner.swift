// The recursive walk behind `JSON.parse`: one byte after the other, no look back, no allocation but the tape's.

struct JSONScanner {
    var nodes: [JSONNode]
    private var at = 0
    private let maximumDepth: Int

    init(depth: Int, capacity: Int) {
        maximumDepth = depth
        nodes = []
        nodes.reserveCapacity(capacity)
    }

    mutating func scanDocument(_ bytes: Span<UInt8>) throws(JSONError) {
        skipSpace(bytes)
        try scanValue(bytes, depth: 0)
        skipSpace(bytes)
        if at < bytes.count { throw fail("something stands behind the value") }
    }

    private func fail(_ reason: String) -> JSONError { JSONError(offset: at, reason: reason) }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while at < bytes.count {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            at += 1
        }
    }

    private mutating func scanValue(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        guard at < bytes.count else { throw fail("a value is missing") }
        switch bytes[at] {
        case UInt8(ascii: "{"): try scanObject(bytes, depth: depth + 1)
        case UInt8(ascii: "["): try scanArray(bytes, depth: depth + 1)
        case UInt8(ascii: "\""): try scanString(bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber(bytes)
        case UInt8(ascii: "t"): try scanWord(bytes, "true", .true)
        case UInt8(ascii: "f"): try scanWord(bytes, "false", .false)
        case UInt8(ascii: "n"): try scanWord(bytes, "null", .null)
        default: throw fail("no value begins so")
        }
    }

    private mutating func open(_ kind: JSONKind) -> Int {
        nodes.append(JSONNode(kind: kind, hasEscapes: false, start: Int32(at), end: 0, next: 0))
        return nodes.count - 1
    }

    private mutating func close(_ node: Int, hasEscapes: Bool = false) {
        nodes[node].end = Int32(at)
        nodes[node].next = Int32(nodes.count)
        nodes[node].hasEscapes = hasEscapes
    }

    private mutating func scanObject(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        guard depth <= maximumDepth else { throw fail("nested deeper than \(maximumDepth)") }
        let node = open(.object)
        at += 1
        skipSpace(bytes)
        if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
            at += 1
            return close(node)
        }
        while true {
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fail("a name is missing") }
            try scanString(bytes)
            skipSpace(bytes)
            guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { throw fail("a colon is missing") }
            at += 1
            skipSpace(bytes)
            try scanValue(bytes, depth: depth)
            if try endOfItem(bytes, UInt8(ascii: "}")) { return close(node) }
        }
    }

    private mutating func scanArray(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        guard depth <= maximumDepth else { throw fail("nested deeper than \(maximumDepth)") }
        let node = open(.array)
        at += 1
        skipSpace(bytes)
        if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
            at += 1
            return close(node)
        }
        while true {
            try scanValue(bytes, depth: depth)
            if try endOfItem(bytes, UInt8(ascii: "]")) { return close(node) }
        }
    }

    /// Behind an item: true at the closing bracket, false at a comma.
    private mutating func endOfItem(_ bytes: Span<UInt8>, _ closing: UInt8) throws(JSONError) -> Bool {
        skipSpace(bytes)
        guard at < bytes.count else { throw fail("cut off") }
        let byte = bytes[at]
        guard byte == closing || byte == UInt8(ascii: ",") else { throw fail("a comma or the end is missing") }
        at += 1
        if byte == closing { return true }
        skipSpace(bytes)
        return false
    }

    private mutating func scanString(_ bytes: Span<UInt8>) throws(JSONError) {
        let node = open(.string)
        var hasEscapes = false
        at += 1
        while true {
            at = bytes.endOfPlainText(from: at)
            guard at < bytes.count else { throw fail("a string is cut off") }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return close(node, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try scanEscape(bytes)
            case 0x80...: try scanBeyondASCII(bytes)
            default: throw fail("a control character stands in a string")
            }
        }
    }

    private mutating func scanBeyondASCII(_ bytes: Span<UInt8>) throws(JSONError) {
        while at < bytes.count, bytes[at] >= 0x80 {
            let length = UTF8Sequence.length(bytes, at)
            guard length > 0 else { throw fail("not UTF-8") }
            at += length
        }
    }

    private mutating func scanEscape(_ bytes: Span<UInt8>) throws(JSONError) {
        guard at + 1 < bytes.count else { throw fail("an escape is cut off") }
        switch bytes[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 2
        case UInt8(ascii: "u"):
            guard at + 5 < bytes.count, (2...5).allSatisfy({ JSONText.hexDigit(bytes[at + $0]) != nil }) else {
                throw fail("not an escape")
            }
            at += 6
        default: throw fail("not an escape")
        }
    }

    private mutating func scanNumber(_ bytes: Span<UInt8>) throws(JSONError) {
        let node = open(.number)
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        if at < bytes.count, bytes[at] == UInt8(ascii: "0") { at += 1 } else { try digits(bytes) }
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            try digits(bytes)
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            try digits(bytes)
        }
        close(node)
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONError) {
        let first = at
        while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 { at += 1 }
        if at == first { throw fail("a digit is missing") }
    }

    private mutating func scanWord(_ bytes: Span<UInt8>, _ word: StaticString, _ kind: JSONKind) throws(JSONError) {
        let node = open(kind)
        let count = word.utf8CodeUnitCount
        guard at + count <= bytes.count else { throw fail("cut off") }
        for (offset, letter) in word.description.utf8.enumerated() where bytes[at + offset] != letter { throw fail("no value begins so") }
        at += count
        close(node)
    }
}

/// UTF-8, RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Sequence {
    /// The length of the well-formed sequence that begins with the non-ASCII byte at `at`; 0 if none does.
    static func length(_ bytes: Span<UInt8>, _ at: Int) -> Int {
        let lead = bytes[at]
        let count = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead <= 0xF4, at + count <= bytes.count else { return 0 }
        let second = bytes[at + 1]
        switch lead {
        case 0xE0: if second < 0xA0 { return 0 }
        case 0xED: if second > 0x9F { return 0 }
        case 0xF0: if second < 0x90 { return 0 }
        case 0xF4: if second > 0x8F { return 0 }
        default: break
        }
        for offset in 1..<count where bytes[at + offset] & 0xC0 != 0x80 { return 0 }
        return count
    }
}
