// One body, of known length, chunked (RFC 9112, 7.1) or until the connection closes. Gives what has come, as it comes.
// Chunk extensions are checked, bounded and dropped; so are trailers.

struct HTTPBodyReader: Sendable {
    enum Step {
        case needMore
        case bytes([UInt8])
        case end
    }

    private enum Position {
        case length(Int)
        case untilClose
        case chunkLine
        case chunk(Int)
        case chunkEnd
        case trailers(HTTPFieldReader)
    }

    private var position: Position
    private var bytesTaken = 0
    private var extensionBytesLeft = HTTPLimits.chunkExtensionBytes
    private let limits: HTTPLimits

    init(_ framing: HTTPBodyFraming, limits: HTTPLimits) {
        self.limits = limits
        switch framing {
        case .length(let byteCount): position = .length(byteCount)
        case .chunked: position = .chunkLine
        case .untilClose: position = .untilClose
        }
    }

    var endsAtClose: Bool { if case .untilClose = position { true } else { false } }

    mutating func next(from lines: inout HTTPLineReader, bodyLimit: Int) throws(HTTPRefusal) -> Step {
        while true {
            switch position {
            case .length(let left): return try nextOfLength(left, from: &lines, bodyLimit: bodyLimit)
            case .untilClose: return try nextUntilClose(from: &lines, bodyLimit: bodyLimit)
            case .chunk(let left): return nextOfChunk(left, from: &lines)
            case .chunkLine, .chunkEnd, .trailers: if let step = try readLine(from: &lines, bodyLimit: bodyLimit) { return step }
            }
        }
    }

    private mutating func nextOfLength(
        _ left: Int, from lines: inout HTTPLineReader, bodyLimit: Int
    ) throws(HTTPRefusal) -> Step {
        if left > bodyLimit - bytesTaken { throw .bodyTooLarge }
        if left == 0 { return .end }
        guard !lines.input.isEmpty else { return .needMore }
        let bytes = lines.input.take(min(left, lines.input.count))
        bytesTaken += bytes.count
        position = .length(left - bytes.count)
        return .bytes(bytes)
    }

    private mutating func nextUntilClose(from lines: inout HTTPLineReader, bodyLimit: Int) throws(HTTPRefusal) -> Step {
        guard !lines.input.isEmpty else { return .needMore }
        guard bytesTaken < bodyLimit else { throw .bodyTooLarge }
        let bytes = lines.input.take(min(bodyLimit - bytesTaken, lines.input.count))
        bytesTaken += bytes.count
        return .bytes(bytes)
    }

    private mutating func nextOfChunk(_ left: Int, from lines: inout HTTPLineReader) -> Step {
        guard !lines.input.isEmpty else { return .needMore }
        let bytes = lines.input.take(min(left, lines.input.count))
        position = bytes.count == left ? .chunkEnd : .chunk(left - bytes.count)
        return .bytes(bytes)
    }

    /// What stands between the chunks and after them. Nil when the next chunk follows.
    private mutating func readLine(from lines: inout HTTPLineReader, bodyLimit: Int) throws(HTTPRefusal) -> Step? {
        if case .trailers(var fields) = position {
            if try fields.read(from: &lines) { return .end }
            position = .trailers(fields)
            return .needMore
        }
        if case .chunkEnd = position {
            guard try lines.line(limit: 0, over: .chunkTooLong) != nil else { return .needMore }
            position = .chunkLine
        }
        guard let line = try lines.line(limit: HTTPLimits.chunkLineBytes, over: .chunkLineTooLong) else { return .needMore }
        try openChunk(line, bodyLimit: bodyLimit)
        return nil
    }

    private mutating func openChunk(_ line: ArraySlice<UInt8>, bodyLimit: Int) throws(HTTPRefusal) {
        let digits = line.prefix { $0.hexDigit != nil }
        // Fifteen digits cannot overflow an Int, and nobody sends a chunk of 2^60 bytes.
        guard (1...15).contains(digits.count) else { throw .badRequest("a chunk size is not a number") }
        try checkExtensions(line[digits.endIndex...])
        let size = digits.reduce(0) { $0 << 4 | Int($1.hexDigit ?? 0) }
        if size > bodyLimit - bytesTaken { throw .bodyTooLarge }
        bytesTaken += size
        position = size == 0 ? .trailers(HTTPFieldReader(limits: limits, keepsFields: false)) : .chunk(size)
    }

    private mutating func checkExtensions(_ extensions: ArraySlice<UInt8>) throws(HTTPRefusal) {
        guard !extensions.isEmpty else { return }
        guard extensions.first(where: { !$0.isOptionalWhitespace }) == UInt8(ascii: ";"), extensions.allSatisfy(\.isFieldValueCharacter)
        else { throw .badRequest("a chunk size is followed by something else than an extension") }
        extensionBytesLeft -= extensions.count
        if extensionBytesLeft < 0 { throw .badRequest("too many chunk extensions") }
    }
}
