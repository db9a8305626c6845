// A server's frames, walked over without copying what is in them: the load generator must cost less than the server. Knows as much of
// RFC 6455 as a server's stream of lines needs; a frame's head is whole in one read, or is put together here.

struct FrameWalker {
    enum Kind { case event, control, ping, close }

    enum Step {
        /// So many bytes, from `start` on, are payload of a frame of this kind, whose end they are or not.
        case payload(Kind, Range<Int>, isEnd: Bool)
        /// The same, but of bytes that came in an earlier read.
        case kept(Kind, [UInt8], isEnd: Bool)
        case needMore
        case unreadable
    }

    private var kind = Kind.control
    private var payloadLeft = 0
    /// The beginning of a frame whose head is not whole.
    private var kept: [UInt8] = []

    /// How much of a payload tells an event line, `{"at"`, from a control line, `{"type"`.
    private static let tellingBytes = 3

    /// What stands at `index` of what was just read.
    mutating func next(_ bytes: Span<UInt8>, _ index: inout Int) -> Step {
        if payloadLeft > 0 { return takePayload(bytes, &index) }
        if !kept.isEmpty { return next(afterKept: bytes, &index) }
        guard index < bytes.count else { return .needMore }
        guard let head = Head(bytes, at: index) else {
            for place in index..<bytes.count { kept.append(bytes[place]) }
            index = bytes.count
            return .needMore
        }
        guard let kind = head.kind else { return .unreadable }
        self.kind = kind
        payloadLeft = head.payloadBytes
        index += head.headBytes
        return takePayload(bytes, &index)
    }

    private mutating func takePayload(_ bytes: Span<UInt8>, _ index: inout Int) -> Step {
        let range = index..<min(bytes.count, index + payloadLeft)
        if range.isEmpty, payloadLeft > 0 { return .needMore }
        payloadLeft -= range.count
        index = range.upperBound
        return .payload(kind, range, isEnd: payloadLeft == 0)
    }

    private mutating func next(afterKept bytes: Span<UInt8>, _ index: inout Int) -> Step {
        while index < bytes.count {
            kept.append(bytes[index])
            index += 1
            guard let head = Head(kept.span, at: 0) else { continue }
            guard let kind = head.kind else { return .unreadable }
            let payload = Array(kept[head.headBytes...])
            kept = []
            self.kind = kind
            payloadLeft = head.payloadBytes - payload.count
            return .kept(kind, payload, isEnd: payloadLeft == 0)
        }
        return .needMore
    }

    /// The head of a frame with the beginning of its payload.
    private struct Head {
        let kind: Kind?
        let headBytes: Int
        let payloadBytes: Int

        /// Nil while too little has come.
        init?(_ bytes: Span<UInt8>, at start: Int) {
            let available = bytes.count - start
            guard available >= 2 else { return nil }
            let short = Int(bytes[start + 1])
            headBytes = short < 126 ? 2 : short == 126 ? 4 : 10
            guard available >= headBytes else { return nil }
            payloadBytes = short < 126 ? short : (2..<headBytes).reduce(0) { $0 << 8 | Int(bytes[start + $1]) }
            guard available >= headBytes + min(FrameWalker.tellingBytes, payloadBytes) else { return nil }
            switch bytes[start] {
            case 0x81 where payloadBytes >= FrameWalker.tellingBytes:
                kind = bytes[start + headBytes + 2] == UInt8(ascii: "a") ? .event : .control
            case 0x89: kind = .ping
            case 0x88: kind = .close
            default: kind = nil
            }
        }
    }
}
