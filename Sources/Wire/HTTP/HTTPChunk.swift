// Pieces of a chunked body (RFC 9112, 7.1).

public enum HTTPChunk {
    /// The last chunk, without trailers.
    public static let end: [UInt8] = Array("0\r\n\r\n".utf8)

    /// Appends one chunk; nothing for no bytes, because an empty chunk would end the body.
    public static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        guard bytes.count > 0 else { return }
        output.append(contentsOf: String(bytes.count, radix: 16).utf8)
        output.append(contentsOf: "\r\n".utf8)
        output.append(copying: bytes)
        output.append(contentsOf: "\r\n".utf8)
    }

    public static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
        append(bytes.span, to: &output)
    }
}
