// `Name: value` (RFC 9112, 5).

enum HTTPFieldLine {
    static func parse(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) -> HTTPHeaders.Field {
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
