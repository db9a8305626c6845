// Masking (RFC 6455, 5.3): XOR with four bytes over and over, eight bytes at a time here. Applied twice it is undone.

struct WebSocketMask: Sendable, Equatable {
    /// The key's first byte in the lowest bits.
    private let key: UInt32

    /// - Parameter key: the four bytes of the frame, the first in the highest bits, as the frame has them.
    init(_ key: UInt32) {
        self.key = key.byteSwapped
    }

    /// Masks `bytes` from `start` to the end, of which the first is the payload's byte number `payloadOffset`.
    func apply(to bytes: inout [UInt8], from start: Int, payloadOffset: Int = 0) {
        let turned = key >> UInt32(payloadOffset % 4 * 8) | key << UInt32((4 - payloadOffset % 4) % 4 * 8)
        let wide = UInt64(turned) << 32 | UInt64(turned)
        var span = bytes.mutableSpan
        var index = start
        while index &+ 8 <= span.count {
            span.exclusiveOr(wide, at: index)
            index &+= 8
        }
        while index < span.count {
            span[index] ^= UInt8(truncatingIfNeeded: wide >> UInt64((index - start) % 8 * 8))
            index &+= 1
        }
    }
}

extension MutableSpan<UInt8> {
    @inline(__always)
    fileprivate mutating func exclusiveOr(_ word: UInt64, at index: Int) {
        // SAFETY: load and store check their bounds, and every bit pattern is a UInt64 and eight UInt8.
        var bytes = unsafe mutableBytes
        let old = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        bytes.storeBytes(of: old ^ word.littleEndian, toByteOffset: index, as: UInt64.self)
    }
}
