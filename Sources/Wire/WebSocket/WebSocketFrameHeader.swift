// The two to fourteen bytes before a payload (RFC 6455, 5.2), read whole or not at all, and judged in one order however
// they arrive.

struct WebSocketFrameHeader: Sendable {
    let isFinal: Bool
    let opcode: WebSocketOpcode
    let payloadBytes: Int
    let mask: WebSocketMask?
    /// Its own length.
    let headerBytes: Int

    /// Nil while it has not all come.
    static func read(_ bytes: ArraySlice<UInt8>, role: WebSocketRole) throws(WebSocketFault) -> WebSocketFrameHeader? {
        guard bytes.count >= 2 else { return nil }
        let (first, second) = (bytes[bytes.startIndex], bytes[bytes.startIndex + 1])
        let opcode = try opcode(first)
        let isMasked = second & 0x80 != 0
        guard isMasked == (role == .server) else { throw .protocolError("a mask that should not be, or none that should") }
        let shortLength = Int(second & 0x7F)
        if opcode.isControl {
            guard first & 0x80 != 0 else { throw .protocolError("a control frame is fragmented") }
            guard shortLength <= 125 else { throw .protocolError("a control frame is longer than 125 bytes") }
        }
        let lengthBytes = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0
        let headerBytes = 2 + lengthBytes + (isMasked ? 4 : 0)
        guard bytes.count >= 2 + lengthBytes else { return nil }
        let length = lengthBytes == 0 ? shortLength : try longLength(bytes.dropFirst(2).prefix(lengthBytes))
        guard bytes.count >= headerBytes else { return nil }
        let mask = isMasked ? WebSocketMask(bytes.dropFirst(2 + lengthBytes).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }) : nil
        return WebSocketFrameHeader(isFinal: first & 0x80 != 0, opcode: opcode, payloadBytes: length, mask: mask, headerBytes: headerBytes)
    }

    private static func opcode(_ first: UInt8) throws(WebSocketFault) -> WebSocketOpcode {
        guard first & 0x70 == 0 else { throw .protocolError("a reserved bit is set") }
        guard let opcode = WebSocketOpcode(rawValue: first & 0x0F) else { throw .protocolError("a reserved opcode") }
        return opcode
    }

    private static func longLength(_ bytes: ArraySlice<UInt8>) throws(WebSocketFault) -> Int {
        let length = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Int64.max) else { throw .protocolError("a length has its highest bit set") }
        guard length > (bytes.count == 2 ? 125 : 0xFFFF) else { throw .protocolError("a length is not in its shortest form") }
        return Int(length)
    }
}
