// Heads to bytes. What a value may not hold cannot leave here whoever wrote it: CR, LF, NUL and other control characters
// go out as spaces (RFC 9110, 5.5), illegal bytes of a target escaped. Names are literals of the program, so a bad one is
// a programmer's error.

extension HTTPRequestHead {
    /// Appends the request line, the fields and the empty line.
    public func encoded(into bytes: inout [UInt8]) {
        precondition(!method.isEmpty && method.utf8.allSatisfy(\.isTokenCharacter), "a method is a token")
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
        bytes.append(contentsOf: minorVersion == 0 ? "HTTP/1.0 ".utf8 : "HTTP/1.1 ".utf8)
        bytes.append(contentsOf: String(status).utf8)
        bytes.append(0x20)
        HTTPHeaders.append(fieldValue: reason, to: &bytes)
        bytes.append(contentsOf: "\r\n".utf8)
        headers.encoded(into: &bytes, adding: more)
    }
}

extension HTTPHeaders {
    fileprivate func encoded(into bytes: inout [UInt8], adding more: (inout [UInt8]) -> Void = { _ in }) {
        for field in fields {
            precondition(!field.name.isEmpty && field.name.utf8.allSatisfy(\.isTokenCharacter), "a field name is a token")
            bytes.append(contentsOf: field.name.utf8)
            bytes.append(contentsOf: ": ".utf8)
            Self.append(fieldValue: field.value, to: &bytes)
            bytes.append(contentsOf: "\r\n".utf8)
        }
        more(&bytes)
        bytes.append(contentsOf: "\r\n".utf8)
    }

    fileprivate static func append(fieldValue value: String, to bytes: inout [UInt8]) {
        if value.utf8.allSatisfy(\.isFieldValueCharacter) { return bytes.append(contentsOf: value.utf8) }
        bytes.append(contentsOf: value.utf8.lazy.map { $0.isFieldValueCharacter ? $0 : 0x20 })
    }
}
