// "Is it what was said last?" in eight bytes instead of a copy of what was said. FNV-1a, 64 bit: fast, and not for anything that an enemy
// could gain by; two objects that collide cost one event that is not said.

struct Fingerprint: Sendable, Equatable {
    let value: UInt64

    /// - Parameter before: what these bytes follow.
    init(_ bytes: some Sequence<UInt8>, after before: Fingerprint? = nil) {
        value = bytes.reduce(before?.value ?? 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
