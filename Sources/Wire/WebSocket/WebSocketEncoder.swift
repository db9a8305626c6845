// Messages and control frames to bytes, one frame each. A server passes no mask key, a client one that nobody can guess,
// a new one for each frame (RFC 6455, 5.3 and 10.3).

public enum WebSocketEncoder {
    /// The length of a server's header before a payload of that length: 2, 4 or 10.
    @inlinable
    public static func headerBytes(for payloadBytes: Int) -> Int {
        payloadBytes < 126 ? 2 : payloadBytes <= 0xFFFF ? 4 : 10
    }

    /// Appends a server's header of a whole text message; the payload is the caller's to append.
    @inlinable
    public static func appendTextHeader(payloadBytes: Int, to output: inout [UInt8]) {
        appendHeader(firstByte: 0x81, payloadBytes: payloadBytes, maskBit: 0, to: &output)
    }

    public static func append(text: [UInt8], maskKey: UInt32? = nil, to output: inout [UInt8]) {
        append(.text, text, maskKey: maskKey, to: &output)
    }

    public static func append(binary: [UInt8], maskKey: UInt32? = nil, to output: inout [UInt8]) {
        append(.binary, binary, maskKey: maskKey, to: &output)
    }

    /// - Parameter ping: at most 125 bytes.
    public static func append(ping: [UInt8], maskKey: UInt32? = nil, to output: inout [UInt8]) {
        append(.ping, ping, maskKey: maskKey, to: &output)
    }

    /// - Parameter pong: the payload of the ping that it answers.
    public static func append(pong: [UInt8], maskKey: UInt32? = nil, to output: inout [UInt8]) {
        append(.pong, pong, maskKey: maskKey, to: &output)
    }

    /// Appends a close frame. A reason longer than the 123 bytes that fit is cut at a character; without a code there is none.
    public static func appendClose(code: UInt16?, reason: String = "", maskKey: UInt32? = nil, to output: inout [UInt8]) {
        var payload: [UInt8] = []
        if let code {
            precondition(WebSocketCloseCode.mayBeSent(code), "a close code that may not be sent")
            payload = [UInt8(code >> 8), UInt8(code & 0xFF)]
            for character in reason.unicodeScalars.map({ UTF8.encode($0) }) {
                guard let character, payload.count + character.count <= 125 else { break }
                payload.append(contentsOf: character)
            }
        }
        append(.close, payload, maskKey: maskKey, to: &output)
    }

    private static func append(_ opcode: WebSocketOpcode, _ payload: [UInt8], maskKey: UInt32?, to output: inout [UInt8]) {
        precondition(!opcode.isControl || payload.count <= 125, "a control frame has at most 125 bytes")
        appendHeader(firstByte: 0x80 | opcode.rawValue, payloadBytes: payload.count, maskBit: maskKey == nil ? 0 : 0x80, to: &output)
        if let maskKey { output.append(bigEndian: UInt64(maskKey), byteCount: 4) }
        let start = output.count
        output.append(contentsOf: payload)
        if let maskKey { WebSocketMask(maskKey).apply(to: &output, from: start) }
    }

    @inlinable
    static func appendHeader(firstByte: UInt8, payloadBytes: Int, maskBit: UInt8, to output: inout [UInt8]) {
        output.append(firstByte)
        if payloadBytes < 126 {
            output.append(maskBit | UInt8(payloadBytes))
        } else if payloadBytes <= 0xFFFF {
            output.append(maskBit | 126)
            output.append(bigEndian: UInt64(payloadBytes), byteCount: 2)
        } else {
            output.append(maskBit | 127)
            output.append(bigEndian: UInt64(payloadBytes), byteCount: 8)
        }
    }
}

extension [UInt8] {
    /// Appends the lowest bytes of a number, the highest of them first.
    @inlinable
    mutating func append(bigEndian number: UInt64, byteCount: Int) {
        for place in stride(from: byteCount - 1, through: 0, by: -1) {
            append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place)))
        }
    }
}
