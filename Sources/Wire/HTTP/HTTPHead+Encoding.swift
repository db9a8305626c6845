// Heads to bytes. What a value may not hold cannot leave here whoever wrote it: CR, LF, NUL and other control characters
// go out as spaces (RFC 9110, 5.5), illegal bytes of a target escaped. Names are literals of the program, so a bad one is
// a programmer's error.

extension HTTPRequestHead {
    /// Appends the request line, the fields and the empty line.
    public func encoded(into bytes: inout [UInt8]) {
        precondition(HTTPHeaders.isToken(method), "a method is a token")
        bytes.append(contentsOf: method.utf8)
        bytes.append(0x20)
        for byte in target.utf8 {
            if byte.isVisibleASCII { bytes.append(byte) } else { PercentEncoding.append(byte, to: &bytes) }
        }
        bytes.append(contentsOf: minorVersion == 0 ? " HTTP/1.0\r\n".utf8 : " HTTP/1.1\r\n".utf8)
        headers.encoded(into: &bytes)
    }
}

extension HTTPResponseHead {
    /// Appends the status line, the fields and the empty line.
    /// - Parameter more: appends fields that are bytes already, each with its CRLF.
    public func encoded(into bytes: inout [UInt8], adding more: (inout [UInt8]) -> Void = { _ in }) {
        precondition((100...999).contains(status), "a status has three digits")
        bytes.append(copying: (minorVersion == 0 ? "HTTP/1.0 " : "HTTP/1.1 ").utf8.span)
        bytes.append(decimal: status)
        bytes.append(0x20)
        HTTPHeaders.append(fieldValue: reason, to: &bytes)
        HTTPHeaders.appendLineEnd(to: &bytes)
        headers.encoded(into: &bytes, adding: more)
    }
}

extension HTTPHeaders {
    fileprivate func encoded(into bytes: inout [UInt8], adding more: (inout [UInt8]) -> Void = { _ in }) {
        for field in fields {
            precondition(Self.isToken(field.name), "a field name is a token")
            bytes.append(copying: field.name.utf8.span)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(UInt8(ascii: " "))
            Self.append(fieldValue: field.value, to: &bytes)
            Self.appendLineEnd(to: &bytes)
        }
        more(&bytes)
        Self.appendLineEnd(to: &bytes)
    }

    fileprivate static func appendLineEnd(to bytes: inout [UInt8]) {
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    fileprivate static func isToken(_ name: String) -> Bool {
        let name = name.utf8.span
        for place in name.indices where !name[place].isTokenCharacter { return false }
        return !name.isEmpty
    }

    fileprivate static func append(fieldValue value: String, to bytes: inout [UInt8]) {
        let value = value.utf8.span
        for place in value.indices { bytes.append(value[place].isFieldValueCharacter ? value[place] : 0x20) }
    }
}
