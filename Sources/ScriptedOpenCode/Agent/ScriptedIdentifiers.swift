// Ids as OpenCode makes them: a prefix, twelve hexadecimal digits of time and count, fourteen random letters. They rise with time; those of
// sessions fall.

import Reactor

struct ScriptedIdentifiers: Sendable {
    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private var generator: SeededGenerator
    private var last: UInt64 = 0

    /// The same seed and the same calls give the same ids.
    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next(_ prefix: String, at time: Int64, falling: Bool = false) -> String {
        last = max(last + 1, UInt64(max(0, time)) << 12 | 1)
        let stamp = (falling ? ~last : last) & 0xFFFF_FFFF_FFFF
        let digits = String(stamp, radix: 16)
        let padding = String(repeating: "0", count: 12 - digits.utf8.count)
        let letters = (0..<14).map { _ in Self.letters[Int.random(in: 0..<62, using: &generator)] }
        return prefix + padding + digits + String(decoding: letters, as: UTF8.self)
    }
}
