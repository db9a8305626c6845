// What the kernel has not taken yet. Bytes are appended at the end and consumed at the front; the front is given up when it
// is the larger part, so a byte is moved at most once. Empty, it holds nothing.

struct OutputBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }
    var isEmpty: Bool { bytes.count == start }

    /// Lends what is to be sent next.
    func withUnsent<Result>(_ body: (Span<UInt8>) throws(SystemError) -> Result) throws(SystemError) -> Result {
        try body(bytes.span.extracting(start...))
    }

    mutating func append(_ more: Span<UInt8>) {
        bytes.append(copying: more)
    }

    mutating func consume(_ count: Int) {
        start += count
        if isEmpty {
            (bytes, start) = ([], 0)
        } else if start * 2 > bytes.count {
            bytes.removeSubrange(..<start)
            start = 0
        }
    }
}
