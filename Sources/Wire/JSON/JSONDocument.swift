// JSON read once, into ranges. The scanner walks the bytes a single time, checks them whole (RFC 8259, UTF-8, depth), and leaves a flat
// tape of nodes that say where each value stands. Nothing is decoded until somebody asks: what people and models wrote can be copied on
// as the bytes that came, with their escapes, their number formats and their lone surrogates.

public enum JSON {
    /// The deepest nesting that is taken.
    public static let defaultDepth = 128

    /// Checks `bytes` whole and gives the value that they are. Whitespace around it is taken, anything else behind it is not.
    public static func parse(_ bytes: [UInt8], depth: Int = defaultDepth) throws(JSONError) -> JSONValue {
        guard bytes.count < Int(Int32.max) else { throw JSONError(offset: 0, reason: "larger than 2 GiB") }
        var scanner = JSONScanner(depth: depth, capacity: bytes.count / 12 + 4)
        try scanner.scanDocument(bytes.span)
        return JSONValue(bytes: bytes, nodes: scanner.nodes, index: 0)
    }

    /// The same value on one line: CR and LF between tokens (the only place where valid JSON can have them) become spaces.
    public static func onOneLine(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.span.firstLineEnd(from: 0) != nil else { return bytes }
        return bytes.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
    }
}
