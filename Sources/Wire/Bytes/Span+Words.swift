// Reading a span eight bytes at a time, and the one search that every line-based decoder here makes.
// The words are little-endian whatever the machine, so that the lowest set bit belongs to the first byte.

extension Span<UInt8> {
    /// Eight bytes from `index` on, the first in the lowest bits.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        // SAFETY: the load checks its bounds, and every bit pattern is a UInt64.
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// The first CR or LF at or after `from`.
    func firstLineEnd(from: Int) -> Int? {
        var index = from
        while let candidate = firstByteBelow14(from: index) {
            if self[candidate] == 0x0A || self[candidate] == 0x0D { return candidate }
            index = candidate + 1
        }
        return nil
    }

    // CR and LF lie below 14, where text has nothing else but tabs: one test for both, four words a turn.
    private func firstByteBelow14(from: Int) -> Int? {
        var index = from
        while index &+ 32 <= count {
            let hits =
                bytesBelow14(word(at: index)) | bytesBelow14(word(at: index &+ 8))
                | bytesBelow14(word(at: index &+ 16)) | bytesBelow14(word(at: index &+ 24))
            if hits != 0 { break }
            index &+= 32
        }
        while index &+ 8 <= count {
            let hits = bytesBelow14(word(at: index))
            if hits != 0 { return index &+ hits.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count {
            if self[index] < 14 { return index }
            index &+= 1
        }
        return nil
    }
}

/// The high bit of each byte below 14; above the first such byte a borrow may set more.
@inline(__always)
private func bytesBelow14(_ word: UInt64) -> UInt64 {
    (word &- 0x0E0E_0E0E_0E0E_0E0E) & ~word & 0x8080_8080_8080_8080
}
