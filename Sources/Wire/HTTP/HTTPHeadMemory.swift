// The lines of a connection's last head, with what they were read as. Whoever asks again over the same connection repeats most of them byte for
// byte, and a line that is the same needs no second reading.
// It holds no more than an ordinary head's bytes: a connection that idles should hold little.

struct HTTPHeadMemory: Sendable {
    private struct Line: Sendable {
        var bytes: [UInt8]
        var field: HTTPHeaders.Field
    }

    /// Lines up to here, counted over a head, are remembered.
    private static let heldBytes = 1 << 10

    /// Whether the head that is read asks the same as the one before it: each line is repeated, but for those that speak of the body alone.
    private(set) var isRepetition = false
    private var requestLine: (bytes: [UInt8], head: HTTPRequestHead)?
    private var lines: [Line] = []
    /// Fields of this head so far.
    private var read = 0
    private var bytesLeft = 0

    /// Begins a head.
    mutating func head(of line: ArraySlice<UInt8>) throws(HTTPRefusal) -> HTTPRequestHead {
        (read, bytesLeft) = (0, Self.heldBytes - line.count)
        if let requestLine, requestLine.bytes.span.equals(line.span) {
            isRepetition = true
            return requestLine.head
        }
        isRepetition = false
        let head = try HTTPRequestLine.parse(line)
        requestLine = bytesLeft >= 0 ? (Array(line), head) : nil
        return head
    }

    /// The next of its fields.
    mutating func field(of line: ArraySlice<UInt8>) throws(HTTPRefusal) -> HTTPHeaders.Field {
        defer { read += 1 }
        bytesLeft -= line.count
        let known = read < lines.count ? lines[read] : nil
        if let known, known.bytes.span.equals(line.span) { return known.field }
        let field = try HTTPFieldLine.parse(line)
        isRepetition = isRepetition && field.isOfBody && known.map { equalIgnoringASCIICase(field.name, $0.field.name) } == true
        keep(line, field)
        return field
    }

    /// The empty line was read.
    mutating func end() {
        if read < lines.count {
            isRepetition = false
            lines.removeSubrange(read...)
        }
    }

    private mutating func keep(_ line: ArraySlice<UInt8>, _ field: HTTPHeaders.Field) {
        guard bytesLeft >= 0 else {
            // What is known in part is no head that another one could repeat.
            requestLine = nil
            return lines.removeSubrange(min(read, lines.count)...)
        }
        let known = Line(bytes: Array(line), field: field)
        if read < lines.count { lines[read] = known } else { lines.append(known) }
    }
}

extension HTTPHeaders.Field {
    /// Whether it speaks of one body and its publication: where the request goes and who may send it does not depend on it.
    fileprivate var isOfBody: Bool {
        equalIgnoringASCIICase(name, "Content-Length") || equalIgnoringASCIICase(name, "Idempotency-Key")
    }
}
