// The field lines of one head, or the trailer fields of one body: syntax (RFC 9112, 5) and limits.

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
            let field = try Self.field(line)
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

    static func field(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) -> HTTPHeaders.Field {
        if line.first?.isOptionalWhitespace == true { throw .badRequest("a field line is folded") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .badRequest("a field line has no colon") }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(\.isTokenCharacter) else { throw .badRequest("a field name is not a token") }
        let value = line[(colon + 1)...].trimmingOptionalWhitespace()
        guard value.allSatisfy(\.isFieldValueCharacter) else { throw .badRequest("a field value has a control character") }
        return HTTPHeaders.Field(name: String(decoding: name, as: UTF8.self), value: text(value))
    }

    private static func text(_ value: ArraySlice<UInt8>) -> String {
        if let text = String(validating: value, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(value.lazy.map { Unicode.Scalar($0) }))
    }
}
