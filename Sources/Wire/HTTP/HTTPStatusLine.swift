// `HTTP/1.1 200 OK` (RFC 9112, 4). A server that leaves out the phrase may leave out the space before it too.

enum HTTPStatusLine {
    static func parse(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) -> HTTPResponseHead {
        let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2 else { throw .badRequest("the status line has no status") }
        let minorVersion = try HTTPRequestLine.minorVersion(parts[0])
        guard parts[1].count == 3, let status = Int(String(decoding: parts[1], as: UTF8.self)), (100...599).contains(status)
        else { throw .badRequest("the status is not a number of three digits") }
        let reason = parts.count == 3 ? parts[2] : []
        guard reason.allSatisfy(\.isFieldValueCharacter) else { throw .badRequest("the reason phrase has a control character") }
        return HTTPResponseHead(status: status, reason: String(decoding: reason, as: UTF8.self), minorVersion: minorVersion)
    }
}
