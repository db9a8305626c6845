// A client's side of a connection: bytes to responses, in the order of the requests (RFC 9112). The owner says what it
// asked with `expect(method:)`, because the answer's length depends on it. Interim responses are skipped, but for 101,
// after which the bytes belong to another protocol: `takeRemainder()`.
// After a failure the decoder says nothing else.

public struct HTTPResponseDecoder: Sendable {
    public enum Action: Sendable, Equatable {
        case needMore
        case head(HTTPResponseHead)
        case body([UInt8])
        case end
        case fail(HTTPFailure)
    }

    private enum Phase {
        case statusLine
        case fields(HTTPResponseHead, HTTPFieldReader)
        case body(HTTPBodyReader)
        case failed(HTTPFailure)
        case handedOver
    }

    /// The longest body of the response whose head was given last; each head sets it back to the limits' own.
    public var bodyLimit: Int

    private var lines = HTTPLineReader()
    private var phase = Phase.statusLine
    private var methods: [String] = []
    private var streamEnded = false
    private let limits: HTTPLimits

    public init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        bodyLimit = limits.bodyBytes
    }

    /// Bytes received and not yet read.
    public var bufferedBytes: Int { lines.input.count }

    /// Whether every request has its whole answer and nothing else came.
    public var isIdle: Bool { if case .statusLine = phase { methods.isEmpty && lines.input.isEmpty } else { false } }

    /// To be called for each request that is sent.
    public mutating func expect(method: String) {
        methods.append(method)
    }

    public mutating func receive(_ bytes: Span<UInt8>) {
        if isReading { lines.input.append(bytes) }
    }

    public mutating func receive(_ bytes: [UInt8]) {
        if isReading { lines.input.append(bytes) }
    }

    public mutating func next() -> Action {
        if case .failed(let failure) = phase { return .fail(failure) }
        do throws(HTTPRefusal) {
            if let action = try step() { return action }
            lines.input.reclaim()
            return streamEnded ? ended() : .needMore
        } catch {
            return fail(HTTPFailure(error))
        }
    }

    /// The peer has closed: ends a body that has no length, fails one that is cut. What was received before is still given
    /// first: call `next()` on until it needs more, ends or fails.
    public mutating func endOfStream() -> Action {
        streamEnded = true
        return next()
    }

    /// After a 101: what came behind it, in the other protocol. The decoder is of no further use.
    public mutating func takeRemainder() -> [UInt8] {
        phase = .handedOver
        return lines.input.takeAll()
    }

    private var isReading: Bool {
        switch phase {
        case .failed: false
        case .statusLine, .fields, .body, .handedOver: true
        }
    }

    private mutating func step() throws(HTTPRefusal) -> Action? {
        while true {
            switch phase {
            case .handedOver: return nil
            case .failed(let failure): return .fail(failure)
            case .statusLine:
                if methods.isEmpty, !lines.input.isEmpty { return fail(.unexpected) }
                guard let line = try lines.line(limit: limits.requestLineBytes, over: .lineTooLong) else { return nil }
                phase = .fields(try HTTPStatusLine.parse(line), HTTPFieldReader(limits: limits))
            case .fields(let head, let fields):
                guard let complete = try readFields(of: head, fields) else { return nil }
                if let action = try begin(complete) { return action }
            case .body(var body):
                let step = try body.next(from: &lines, bodyLimit: bodyLimit)
                phase = .body(body)
                return follow(step)
            }
        }
    }

    /// Nil while the head is not whole.
    private mutating func readFields(
        of head: HTTPResponseHead, _ before: consuming HTTPFieldReader
    ) throws(HTTPRefusal) -> HTTPResponseHead? {
        phase = .handedOver  // so that the fields have one owner, and are not copied
        var fields = before
        let isComplete = try fields.read(from: &lines)
        phase = .fields(head, fields)
        guard isComplete else { return nil }
        var complete = head
        complete.headers = fields.headers
        return complete
    }

    /// Nil for an interim response.
    private mutating func begin(_ head: HTTPResponseHead) throws(HTTPRefusal) -> Action? {
        if head.status < 200, head.status != 101 {
            phase = .statusLine
            return nil
        }
        let framing = try HTTPBodyFraming.ofResponse(head, to: methods.removeFirst())
        phase = head.status == 101 ? .handedOver : .body(HTTPBodyReader(framing, limits: limits))
        bodyLimit = limits.bodyBytes
        return .head(head)
    }

    private mutating func follow(_ step: HTTPBodyReader.Step) -> Action? {
        switch step {
        case .needMore: return nil
        case .bytes(let bytes): return .body(bytes)
        case .end:
            phase = .statusLine
            return .end
        }
    }

    private mutating func ended() -> Action {
        switch phase {
        case .body(let body) where body.endsAtClose:
            phase = .statusLine
            return .end
        case .statusLine where lines.input.isEmpty: return methods.isEmpty ? .needMore : fail(.unanswered)
        case .handedOver: return .needMore
        default: return fail(.cut)
        }
    }

    private mutating func fail(_ failure: HTTPFailure) -> Action {
        phase = .failed(failure)
        _ = lines.input.takeAll()
        return .fail(failure)
    }
}
