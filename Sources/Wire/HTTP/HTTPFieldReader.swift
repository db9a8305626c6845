// The field lines of one head, or the trailer fields of one body, within their limits.

struct HTTPFieldReader: Sendable {
    private(set) var headers = HTTPHeaders()
    private var bytesLeft: Int
    private var linesLeft: Int
    private let keepsFields: Bool

    /// - Parameter keepsFields: false for trailers, which are checked and dropped.
    init(limits: HTTPLimits, keepsFields: Bool = true) {
        bytesLeft = limits.headBytes
        linesLeft = limits.headerCount
        self.keepsFields = keepsFields
    }

    /// Reads on. True when the empty line has been read.
    mutating func read(from lines: inout HTTPLineReader) throws(HTTPRefusal) -> Bool {
        while let line = try next(from: &lines) {
            if line.isEmpty { return true }
            let field = try HTTPFieldLine.parse(line)
            if keepsFields { headers.fields.append(field) }
        }
        return false
    }

    /// The same, of a head whose connection remembers the one before.
    mutating func read(from lines: inout HTTPLineReader, remembering memory: inout HTTPHeadMemory) throws(HTTPRefusal) -> Bool {
        if headers.fields.isEmpty { headers.fields.reserveCapacity(8) }
        while let line = try next(from: &lines) {
            if line.isEmpty {
                memory.end()
                return true
            }
            headers.fields.append(try memory.field(of: line))
        }
        return false
    }

    private mutating func next(from lines: inout HTTPLineReader) throws(HTTPRefusal) -> ArraySlice<UInt8>? {
        guard let line = try lines.line(limit: bytesLeft, over: .headTooLarge) else { return nil }
        if line.isEmpty { return line }
        linesLeft -= 1
        bytesLeft -= line.count + 2
        if linesLeft < 0 || bytesLeft < 0 { throw .headTooLarge }
        return line
    }
}
