// Bytes to messages and control frames (RFC 6455). Feed bytes, carry out what `next()` says, until it needs more.
// Payload is unmasked and, in a text, checked as it comes, so that a bad byte fails the connection before its frame is
// whole, and a long message is never gone over twice. Control frames may stand between the fragments of a message.
// After `close` or `fail` the decoder reads nothing more. Extensions are not spoken: RSV bits fail.

public struct WebSocketDecoder: Sendable {
    public enum Action: Sendable, Equatable {
        case needMore
        case text([UInt8])
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(code: UInt16?, reason: [UInt8])
        /// To be answered with a close frame of that code.
        case fail(code: UInt16, reason: String)
    }

    private var input = InputBuffer()
    private var message = WebSocketMessage()
    private var frame: WebSocketFrameHeader?
    private var payloadTaken = 0
    private var isOver = false
    private let role: WebSocketRole
    private let limits: WebSocketLimits

    /// - Parameter role: the own role: a server expects masked frames.
    public init(role: WebSocketRole, limits: WebSocketLimits = WebSocketLimits()) {
        self.role = role
        self.limits = limits
    }

    /// Bytes held: of the message so far and not yet read.
    public var bufferedBytes: Int { input.count + message.bytes.count }

    /// Whether it stands between messages and holds nothing: a fresh decoder would go on the same way.
    public var isIdle: Bool { !isOver && frame == nil && input.isEmpty && !message.isOpen }

    public mutating func receive(_ bytes: Span<UInt8>) {
        if !isOver { input.append(bytes) }
    }

    public mutating func receive(_ bytes: [UInt8]) {
        if !isOver { input.append(bytes) }
    }

    public mutating func next() -> Action {
        do throws(WebSocketFault) {
            while !isOver {
                guard let frame = try currentFrame() else { break }
                let action = frame.opcode.isControl ? try control(frame) : try data(frame)
                if let action { return action }
                if self.frame != nil { break }
            }
            input.reclaim()
            return .needMore
        } catch {
            end()
            return .fail(code: error.code, reason: error.reason)
        }
    }

    private mutating func currentFrame() throws(WebSocketFault) -> WebSocketFrameHeader? {
        if let frame { return frame }
        guard let header = try WebSocketFrameHeader.read(input.unread, role: role) else { return nil }
        if !header.opcode.isControl {
            try message.open(header)
            let roomLeft = min(limits.frameBytes, limits.messageBytes - message.bytes.count)
            guard header.payloadBytes <= roomLeft else { throw .tooBig }
        }
        input.consume(header.headerBytes)
        payloadTaken = 0
        frame = header
        return header
    }

    /// Takes what has come of a data frame. Nil while the message is not whole.
    private mutating func data(_ header: WebSocketFrameHeader) throws(WebSocketFault) -> Action? {
        let byteCount = min(input.count, header.payloadBytes - payloadTaken)
        try message.append(input.unread.prefix(byteCount), mask: header.mask, payloadOffset: payloadTaken)
        input.consume(byteCount)
        payloadTaken += byteCount
        guard payloadTaken == header.payloadBytes else { return nil }
        frame = nil
        guard header.isFinal else { return nil }
        let finished = try message.finish()
        return finished.isText ? .text(finished.bytes) : .binary(finished.bytes)
    }

    /// Takes a control frame when all of it has come.
    private mutating func control(_ header: WebSocketFrameHeader) throws(WebSocketFault) -> Action? {
        guard input.count >= header.payloadBytes else { return nil }
        var payload = input.take(header.payloadBytes)
        header.mask?.apply(to: &payload, from: 0)
        frame = nil
        switch header.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        default: return try close(payload)
        }
    }

    private mutating func close(_ payload: [UInt8]) throws(WebSocketFault) -> Action {
        if payload.count == 1 { throw .protocolError("a close frame has half a code") }
        let code = payload.isEmpty ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1])
        if let code, !WebSocketCloseCode.mayBeSent(code) { throw .protocolError("a close code that may not be sent") }
        let reason = Array(payload.dropFirst(2))
        guard UTF8Validator.isValid(reason.span) else { throw .notUTF8 }
        end()
        return .close(code: code, reason: reason)
    }

    private mutating func end() {
        isOver = true
        frame = nil
        message = WebSocketMessage()
        _ = input.takeAll()
    }
}
