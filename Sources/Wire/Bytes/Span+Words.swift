// Reading a span eight bytes at a time, and the searches that decoders make with it.
// The words are little-endian whatever the machine, so that the lowest set bit belongs to the first byte.

extension Span<UInt8> {
    /// Eight bytes from `index` on, the first in the lowest bits.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        // SAFETY: the load checks its bounds, and every bit pattern is a UInt64.
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index &+ 8 <= count {
            if word(at: index) != other.word(at: index) { return false }
            index &+= 8
        }
        while index < count {
            if self[index] != other[index] { return false }
            index &+= 1
        }
        return true
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

    /// The first `byte` at or after `from`.
    public func firstIndex(of byte: UInt8, from: Int) -> Int? {
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        var index = from
        while index &+ 8 <= count {
            let hits = zeroBytes(word(at: index) ^ pattern)
            if hits != 0 { return index &+ hits.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count {
            if self[index] == byte { return index }
            index &+= 1
        }
        return nil
    }

    /// The first byte at or after `from` that does not stand for itself in a JSON string (a quote, a backslash, a control character) or lies
    /// beyond ASCII; the end if there is none.
    func endOfPlainText(from: Int) -> Int {
        var index = from
        while index &+ 8 <= count {
            let hits = bytesBeyondPlainText(word(at: index))
            if hits != 0 { return index &+ hits.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count, self[index] >= 0x20, self[index] < 0x80, self[index] != 0x22, self[index] != 0x5C { index &+= 1 }
        return index
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

/// The high bit of each byte that is zero; above the first such byte a borrow may set more.
@inline(__always)
private func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}

/// The same for quotes, backslashes, bytes below a space and bytes beyond ASCII.
@inline(__always)
private func bytesBeyondPlainText(_ word: UInt64) -> UInt64 {
    let controls = (word &- 0x2020_2020_2020_2020) & ~word
    return zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C) | (controls | word) & 0x8080_8080_8080_8080
}

/// The high bit of each byte below 14; above the first such byte a borrow may set more.
@inline(__always)
private func bytesBelow14(_ word: UInt64) -> UInt64 {
    (word &- 0x0E0E_0E0E_0E0E_0E0E) & ~word & 0x8080_8080_8080_8080
}
