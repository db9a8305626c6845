// A server's side of a connection: bytes to requests, one after another (RFC 9112). Feed bytes, carry out what `next()`
// says, until it needs more. A pipelined request waits, unparsed, until the owner calls `next()` after `end`; an owner that
// does not want to hold it stops reading the socket.
// After a refusal the decoder says nothing else: the owner answers it and closes.

public struct HTTPRequestDecoder: Sendable {
    public enum Action: Sendable, Equatable {
        case needMore
        case head(HTTPRequestHead)
        case body([UInt8])
        case end
        case refuse(HTTPRefusal)
    }

    private enum Phase {
        case requestLine
        case fields(HTTPRequestHead, HTTPFieldReader)
        case body(HTTPBodyReader)
        case refused(HTTPRefusal)
        case handedOver
    }

    /// The longest body of the request whose head was given last; each head sets it back to the limits' own.
    public var bodyLimit: Int
    /// Whether the head that was given last asks the same as the one before it: all lines are the same but `Content-Length` and
    /// `Idempotency-Key`. What was decided of that one holds.
    public var isRepetition: Bool { memory.isRepetition }

    private var lines = HTTPLineReader()
    private var phase = Phase.requestLine
    private var passedEmptyLine = false
    private var memory = HTTPHeadMemory()
    private let limits: HTTPLimits

    public init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        bodyLimit = limits.bodyBytes
    }

    /// Bytes received and not yet read.
    public var bufferedBytes: Int { lines.input.count }

    /// Whether nothing of a request has come: closing here cuts nobody off.
    public var isIdle: Bool { if case .requestLine = phase { lines.input.isEmpty } else { false } }

    public mutating func receive(_ bytes: Span<UInt8>) {
        if isReading { lines.input.append(bytes) }
    }

    public mutating func receive(_ bytes: [UInt8]) {
        if isReading { lines.input.append(bytes) }
    }

    public mutating func next() -> Action {
        do throws(HTTPRefusal) {
            if let action = try step() { return action }
            lines.input.reclaim()
            return .needMore
        } catch {
            phase = .refused(error)
            _ = lines.input.takeAll()
            return .refuse(error)
        }
    }

    /// After the head of an upgrade: what came behind it, in the other protocol. The decoder is of no further use.
    public mutating func takeRemainder() -> [UInt8] {
        phase = .handedOver
        return lines.input.takeAll()
    }

    private var isReading: Bool {
        switch phase {
        case .refused, .handedOver: false
        case .requestLine, .fields, .body: true
        }
    }

    private mutating func step() throws(HTTPRefusal) -> Action? {
        if case .requestLine = phase, try !readRequestLine() { return nil }
        switch phase {
        case .requestLine, .handedOver: return nil
        case .fields(var head, var fields):
            phase = .handedOver  // so that the fields are not shared, and not copied
            let complete = try fields.read(from: &lines, remembering: &memory)
            phase = .fields(head, fields)
            guard complete else { return nil }
            head.headers = fields.headers
            return try begin(head)
        case .body(var body):
            let step = try body.next(from: &lines, bodyLimit: bodyLimit)
            phase = .body(body)
            return follow(step)
        case .refused(let refusal): return .refuse(refusal)
        }
    }

    /// True when the line has been read and the fields follow.
    private mutating func readRequestLine() throws(HTTPRefusal) -> Bool {
        while let line = try lines.line(limit: limits.requestLineBytes, over: .lineTooLong) {
            if line.isEmpty, !passedEmptyLine {
                passedEmptyLine = true  // old clients end a body with one (RFC 9112, 2.2)
                continue
            }
            phase = .fields(try memory.head(of: line), HTTPFieldReader(limits: limits))
            return true
        }
        return false
    }

    private mutating func begin(_ head: HTTPRequestHead) throws(HTTPRefusal) -> Action {
        if !isRepetition { try HTTPHostRule.check(head) }
        phase = .body(HTTPBodyReader(try HTTPBodyFraming.ofRequest(head), limits: limits))
        bodyLimit = limits.bodyBytes
        return .head(head)
    }

    private mutating func follow(_ step: HTTPBodyReader.Step) -> Action? {
        switch step {
        case .needMore: return nil
        case .bytes(let bytes): return .body(bytes)
        case .end:
            phase = .requestLine
            passedEmptyLine = false
            return .end
        }
    }
}
