// The bytes of an answer, over whichever transport, as the lines that they carry. A line counts when all of it is there.

import Wire

public enum ReadTransport: String, CaseIterable, Sendable {
    case webSocket, events, longPoll, page

    /// The rest of the path.
    public var route: String { self == .webSocket ? "websocket" : "events" }

    public var headers: HTTPHeaders {
        switch self {
        case .webSocket: [:]
        case .events: ["accept": "text/event-stream"]
        case .longPoll, .page: ["accept": "application/x-ndjson"]
        }
    }
}

public struct LineStream {
    public struct Line {
        /// With its LF.
        public let bytes: [UInt8]
        /// What server-sent events say beside it.
        public var id: [UInt8]?
    }

    public enum Step {
        case needMore
        case line(Line)
        /// A pong, or the close to be sent.
        case send([UInt8])
        case end(String)
    }

    private let transport: ReadTransport
    private let nonce: [UInt8]
    private var head: HTTPResponseDecoder
    private var webSocket: WebSocketDecoder?
    private var events = SSEDecoder(frameBytes: 4 << 20)
    private var text: [UInt8] = []
    private var isOver = false

    public init(_ transport: ReadTransport, nonce: [UInt8]) {
        (self.transport, self.nonce) = (transport, nonce)
        head = HTTPResponseDecoder(limits: HTTPLimits(bodyBytes: .max))
        head.expect(method: "GET")
    }

    public mutating func receive(_ bytes: [UInt8]) {
        if webSocket != nil { webSocket?.receive(bytes) } else { head.receive(bytes) }
    }

    public mutating func next() -> Step {
        while !isOver {
            if let line = takeLine() { return .line(line) }
            if let step = webSocket == nil ? readBody() : readFrame() { return step }
        }
        return .end("over")
    }

    private mutating func takeLine() -> Line? {
        if transport == .events {
            guard case .frame(let frame) = events.next() else { return nil }
            return Line(bytes: frame.data + [10], id: frame.id)
        }
        guard let end = text.firstIndex(of: 10) else { return nil }
        defer { text.removeFirst(end + 1) }
        return Line(bytes: Array(text[...end]))
    }

    private mutating func readBody() -> Step? {
        switch head.next() {
        case .head(let answer) where transport == .webSocket: return upgrade(answer)
        case .head(let answer): return answer.status == 200 ? nil : over("status \(answer.status)")
        case .body(let bytes):
            if transport == .events { events.receive(bytes) } else { text += bytes }
            return nil
        case .needMore: return .needMore
        case .end: return over("the answer is whole")
        case .fail(let failure): return over("\(failure)")
        }
    }

    private mutating func upgrade(_ answer: HTTPResponseHead) -> Step? {
        do { _ = try WebSocketHandshake.check(answer, nonce: nonce) } catch { return over("\(error)") }
        var decoder = WebSocketDecoder(role: .client, limits: WebSocketLimits(messageBytes: 4 << 20))
        decoder.receive(head.takeRemainder())
        webSocket = decoder
        return nil
    }

    private mutating func readFrame() -> Step? {
        guard var decoder = webSocket else { return nil }
        defer { webSocket = decoder }
        switch decoder.next() {
        case .needMore: return .needMore
        case .text(let bytes): text += bytes
        case .ping(let payload):
            var frame: [UInt8] = []
            WebSocketEncoder.append(pong: payload, maskKey: 1, to: &frame)
            return .send(frame)
        case .pong: break
        case .close(let code, _): return over("closed with \(code ?? 0)")
        case .binary, .fail: return over("not a frame that a server sends")
        }
        return nil
    }

    private mutating func over(_ why: String) -> Step {
        isOver = true
        return .end(why)
    }
}
