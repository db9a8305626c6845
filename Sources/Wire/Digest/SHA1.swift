// SHA-1 (FIPS 180-4, 6.1), for the accept key of the WebSocket handshake and for nothing that needs to be secure.

public struct SHA1: Sendable, BlockDigest {
    var pending = DigestBlock()
    private var a: UInt32 = 0x6745_2301, b: UInt32 = 0xEFCD_AB89, c: UInt32 = 0x98BA_DCFE, d: UInt32 = 0x1032_5476, e: UInt32 = 0xC3D2_E1F0

    public init() {}

    public mutating func update(_ bytes: Span<UInt8>) { absorb(bytes) }
    public mutating func update(_ bytes: [UInt8]) { absorb(bytes.span) }

    /// The twenty bytes of the digest. The value is of no further use.
    public mutating func finalize() -> [UInt8] { digest() }

    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = SHA1()
        digest.update(bytes)
        return digest.finalize()
    }

    var words: [UInt32] { [a, b, c, d, e] }

    mutating func compress(_ bytes: Span<UInt8>, at offset: Int) {
        var schedule = InlineArray<80, UInt32>(repeating: 0)
        for pair in 0..<8 {
            let two = bytes.bigEndianWords(at: offset &+ 8 &* pair)
            schedule[2 &* pair] = UInt32(truncatingIfNeeded: two >> 32)
            schedule[2 &* pair &+ 1] = UInt32(truncatingIfNeeded: two)
        }
        for t in 16..<80 {
            schedule[t] = (schedule[t &- 3] ^ schedule[t &- 8] ^ schedule[t &- 14] ^ schedule[t &- 16]).rotated(left: 1)
        }
        let before = (a, b, c, d, e)
        for t in 0..<80 { round(t, schedule[t]) }
        (a, b, c, d, e) = (a &+ before.0, b &+ before.1, c &+ before.2, d &+ before.3, e &+ before.4)
    }

    private mutating func round(_ t: Int, _ word: UInt32) {
        let mixed: UInt32
        switch t {
        case ..<20: mixed = (b & c | ~b & d) &+ 0x5A82_7999
        case ..<40: mixed = (b ^ c ^ d) &+ 0x6ED9_EBA1
        case ..<60: mixed = (b & c | b & d | c & d) &+ 0x8F1B_BCDC
        default: mixed = (b ^ c ^ d) &+ 0xCA62_C1D6
        }
        (a, b, c, d, e) = (a.rotated(left: 5) &+ mixed &+ e &+ word, a, b.rotated(left: 30), c, d)
    }
}
