// What SHA-1 and SHA-256 share (FIPS 180-4, 5): blocks of 64 bytes, a padding that ends in the length, big-endian words.
// Whole blocks are read where they stand; only the remainder of an update is copied.

protocol BlockDigest {
    var pending: DigestBlock { get set }
    var words: [UInt32] { get }
    mutating func compress(_ bytes: Span<UInt8>, at offset: Int)
}

/// The bytes since the last whole block, and how many came in all.
struct DigestBlock: Sendable {
    var bytes: [UInt8] = []
    var totalBytes: UInt64 = 0
}

extension BlockDigest {
    mutating func absorb(_ bytes: Span<UInt8>) {
        pending.totalBytes &+= UInt64(bytes.count)
        var offset = 0
        if !pending.bytes.isEmpty {
            offset = min(64 - pending.bytes.count, bytes.count)
            pending.bytes.append(copying: bytes.extracting(..<offset))
            guard pending.bytes.count == 64 else { return }
            let block = pending.bytes
            compress(block.span, at: 0)
            pending.bytes.removeAll(keepingCapacity: true)
        }
        while offset &+ 64 <= bytes.count {
            compress(bytes, at: offset)
            offset &+= 64
        }
        pending.bytes.append(copying: bytes.extracting(offset...))
    }

    mutating func digest() -> [UInt8] {
        let bitCount = pending.totalBytes &* 8
        var padding: [UInt8] = [0x80]
        padding.append(contentsOf: repeatElement(0, count: (119 - pending.bytes.count) % 64))
        for shift in stride(from: 56, through: 0, by: -8) { padding.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift))) }
        absorb(padding.span)
        return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }
}

extension Span<UInt8> {
    /// Two big-endian words, the first in the high half.
    @inline(__always)
    func bigEndianWords(at index: Int) -> UInt64 { word(at: index).byteSwapped }
}

extension UInt32 {
    @inline(__always)
    func rotated(left count: UInt32) -> UInt32 { self << count | self >> (32 &- count) }

    @inline(__always)
    func rotated(right count: UInt32) -> UInt32 { self >> count | self << (32 &- count) }
}
