// What a decoder has received and not yet read. Bytes are appended at the end and consumed at the front; the front is
// given up only when the rest is smaller than what was read, so the moves cost at most one copy per byte.
// Consuming never moves a byte: slices of `bytes` stay valid until the next `append` or `reclaim`.

struct InputBuffer: Sendable {
    private(set) var bytes: [UInt8] = []
    /// The first byte not consumed.
    private(set) var start = 0
    private let retainedBytes: Int

    /// - Parameter retaining: an emptied buffer up to this capacity is kept for the next bytes, a larger one is freed:
    ///   an idle connection should hold none.
    init(retaining retainedBytes: Int = 0) {
        self.retainedBytes = retainedBytes
    }

    var count: Int { bytes.count - start }
    var isEmpty: Bool { bytes.count == start }
    var unread: ArraySlice<UInt8> { bytes[start...] }

    subscript(offset: Int) -> UInt8 { bytes[start + offset] }

    mutating func append(_ more: Span<UInt8>) {
        makeRoom()
        bytes.append(copying: more)
    }

    mutating func append(_ more: [UInt8]) {
        makeRoom()
        if bytes.capacity < more.count, bytes.isEmpty { bytes = more } else { bytes.append(contentsOf: more) }
    }

    mutating func consume(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= count)
        start += byteCount
    }

    /// Consumes the next bytes into an array of their own.
    mutating func take(_ byteCount: Int) -> [UInt8] {
        let taken = Array(bytes[start..<start + byteCount])
        consume(byteCount)
        return taken
    }

    /// Gives everything away and holds nothing.
    mutating func takeAll() -> [UInt8] {
        let taken = start == 0 ? bytes : Array(unread)
        bytes = []
        start = 0
        return taken
    }

    /// To be called when all that can be read has been read.
    mutating func reclaim() {
        guard isEmpty else { return }
        start = 0
        if bytes.capacity > retainedBytes { bytes = [] } else { bytes.removeAll(keepingCapacity: true) }
    }

    private mutating func makeRoom() {
        if start >= count {
            bytes.removeSubrange(..<start)
            start = 0
        }
    }
}
