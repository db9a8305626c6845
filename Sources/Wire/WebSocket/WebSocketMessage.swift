// The message that is being received, over its fragments.

struct WebSocketMessage: Sendable {
    private(set) var bytes: [UInt8] = []
    private var opcode: WebSocketOpcode?
    private var validator = UTF8Validator()

    /// A fragment has come, even an empty one, and more are to come.
    var isOpen: Bool { opcode != nil }

    /// A data frame begins: the first of a message, or a continuation of this one.
    mutating func open(_ header: WebSocketFrameHeader) throws(WebSocketFault) {
        if header.opcode == .continuation {
            guard opcode != nil else { throw .protocolError("a continuation without a beginning") }
        } else {
            guard opcode == nil else { throw .protocolError("a new message inside a fragmented one") }
            opcode = header.opcode
        }
    }

    mutating func append(_ payload: ArraySlice<UInt8>, mask: WebSocketMask?, payloadOffset: Int) throws(WebSocketFault) {
        let start = bytes.count
        bytes.append(contentsOf: payload)
        mask?.apply(to: &bytes, from: start, payloadOffset: payloadOffset)
        guard opcode == .text else { return }
        var checked = validator
        guard checked.accept(bytes.span.extracting(start...)) else { throw .notUTF8 }
        validator = checked
    }

    /// Gives the whole message and begins anew.
    mutating func finish() throws(WebSocketFault) -> (isText: Bool, bytes: [UInt8]) {
        let finished = self
        self = WebSocketMessage()
        guard finished.validator.isComplete else { throw .notUTF8 }
        return (finished.opcode == .text, finished.bytes)
    }
}
