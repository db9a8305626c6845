// SHA-256 (FIPS 180-4, 6.2). Eight rounds are written out, each with the working variables one place on, so that none
// of them is moved.

public struct SHA256: Sendable, BlockDigest {
    var pending = DigestBlock()
    private var state: SIMD8<UInt32> = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
    ]

    public init() {}

    public mutating func update(_ bytes: Span<UInt8>) { absorb(bytes) }
    public mutating func update(_ bytes: [UInt8]) { absorb(bytes.span) }

    /// The thirty-two bytes of the digest. The value is of no further use.
    public mutating func finalize() -> [UInt8] { digest() }

    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finalize()
    }

    var words: [UInt32] { state.indices.map { state[$0] } }

    mutating func compress(_ bytes: Span<UInt8>, at offset: Int) {
        let schedule = Self.schedule(bytes, at: offset)
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        var t = 0
        while t < 64 {
            round(a, b, c, &d, e, f, g, &h, schedule[t])
            round(h, a, b, &c, d, e, f, &g, schedule[t &+ 1])
            round(g, h, a, &b, c, d, e, &f, schedule[t &+ 2])
            round(f, g, h, &a, b, c, d, &e, schedule[t &+ 3])
            round(e, f, g, &h, a, b, c, &d, schedule[t &+ 4])
            round(d, e, f, &g, h, a, b, &c, schedule[t &+ 5])
            round(c, d, e, &f, g, h, a, &b, schedule[t &+ 6])
            round(b, c, d, &e, f, g, h, &a, schedule[t &+ 7])
            t &+= 8
        }
        state = state &+ SIMD8(a, b, c, d, e, f, g, h)
    }

    /// The message schedule, each word with its round constant added.
    @inline(__always)
    private static func schedule(_ bytes: Span<UInt8>, at offset: Int) -> InlineArray<64, UInt32> {
        var schedule = InlineArray<64, UInt32>(repeating: 0)
        for pair in 0..<8 {
            let two = bytes.bigEndianWords(at: offset &+ 8 &* pair)
            schedule[2 &* pair] = UInt32(truncatingIfNeeded: two >> 32)
            schedule[2 &* pair &+ 1] = UInt32(truncatingIfNeeded: two)
        }
        for t in 16..<64 {
            let (old, recent) = (schedule[t &- 15], schedule[t &- 2])
            let sigma0 = old.rotated(right: 7) ^ old.rotated(right: 18) ^ old >> 3
            let sigma1 = recent.rotated(right: 17) ^ recent.rotated(right: 19) ^ recent >> 10
            schedule[t] = schedule[t &- 16] &+ sigma0 &+ schedule[t &- 7] &+ sigma1
        }
        for t in 0..<64 { schedule[t] = schedule[t] &+ roundConstants[t] }
        return schedule
    }
}

@inline(__always)
private func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
) {
    let sum1 = e.rotated(right: 6) ^ e.rotated(right: 11) ^ e.rotated(right: 25)
    let choice = (f ^ g) & e ^ g
    let first = h &+ sum1 &+ choice &+ word
    let sum0 = a.rotated(right: 2) ^ a.rotated(right: 13) ^ a.rotated(right: 22)
    let majority = a & b | c & (a | b)
    d = d &+ first
    h = first &+ sum0 &+ majority
}

private let roundConstants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
