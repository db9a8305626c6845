// The lines of a head, a chunk or a trailer. A line ends in CRLF and in nothing else: a lone CR or LF is refused,
// because two parsers that read it differently can be made to disagree on where a request begins (RFC 9112, 2.2 and 11.2).
// A line is searched once however it arrives.

struct HTTPLineReader: Sendable {
    var input = InputBuffer()
    private var searched = 0

    /// The next line without its end, or nil while it has not all come. The slice is to be dropped before the next call.
    mutating func line(limit: Int, over refusal: HTTPRefusal) throws(HTTPRefusal) -> ArraySlice<UInt8>? {
        let start = input.start
        guard let end = input.bytes.span.firstLineEnd(from: start + searched) else {
            searched = input.count
            if searched > limit { throw refusal }
            return nil
        }
        searched = end - start
        if searched > limit { throw refusal }
        guard input.bytes[end] == 0x0D else { throw .badRequest("a line ends in LF without CR") }
        guard input.count > searched + 1 else { return nil }
        guard input.bytes[end + 1] == 0x0A else { throw .badRequest("a CR stands inside a line") }
        input.consume(searched + 2)
        searched = 0
        return input.bytes[start..<end]
    }
}
