// Lines cut out of rows. Every line begins with `{"at":"` and a position of fixed width, and ends at its only LF: where it ends and which
// offset it has is read without a parser.

import Glibc
import RelayProtocol
import Wire

struct PageBuilder {
    let after: UInt64
    private let maxBytes: Int
    private let maxEvents: Int
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int32] = []
    private(set) var offsets: [UInt64] = []
    /// There are lines that found no room.
    private(set) var isFull = false

    init(after: UInt64, maxBytes: Int, maxEvents: Int) {
        self.after = after
        self.maxBytes = maxBytes
        self.maxEvents = maxEvents
    }

    /// Adds a row's lines that are behind `after`; false when the page is full.
    mutating func take(_ lines: Span<UInt8>) -> Bool {
        var start = 0
        var from = 0
        while start < lines.count {
            let end = Self.lineEnd(lines, from: start)
            let offset = Self.offset(lines, at: start)
            if offset > after {
                guard hasRoom(for: end - from) else {
                    copy(lines, from..<start)
                    isFull = true
                    return false
                }
                ends.append(Int32(bytes.count + end - from))
                offsets.append(offset)
            } else {
                from = end
            }
            start = end
        }
        copy(lines, from..<lines.count)
        return true
    }

    /// The first line always has.
    private func hasRoom(for more: Int) -> Bool { ends.isEmpty || ends.count < maxEvents && bytes.count + more <= maxBytes }

    private mutating func copy(_ lines: Span<UInt8>, _ range: Range<Int>) {
        bytes.append(copying: lines.extracting(range))
    }

    private static func lineEnd(_ lines: Span<UInt8>, from: Int) -> Int {
        // SAFETY: memchr looks at the span's bytes only, which live across the call.
        unsafe lines.extracting(from..<lines.count).withUnsafeBytes { rest in
            guard let start = rest.baseAddress, let found = unsafe memchr(start, 0x0A, rest.count) else { return lines.count }
            return unsafe from + (UnsafeRawPointer(found) - start) + 1
        }
    }

    private static func offset(_ lines: Span<UInt8>, at start: Int) -> UInt64 {
        let digits = start + 18..<min(start + 28, lines.count)
        var offset: UInt64 = 0
        for place in digits { offset = offset &* 10 &+ UInt64(lines[place] &- UInt8(ascii: "0")) }
        return offset
    }
}
