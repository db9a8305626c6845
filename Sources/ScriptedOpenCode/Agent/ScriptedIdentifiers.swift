// Ids as OpenCode makes them: a prefix, twelve hexadecimal digits of time and count, fourteen random letters. They rise with time; those of
// sessions fall.

import Reactor

struct ScriptedIdentifiers: Sendable {
    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    private var generator: SeededGenerator
    private var last: UInt64 = 0

    /// The same seed and the same calls give the same ids.
    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// The count of the next id.
    mutating func stamp(at time: Int64) -> UInt64 {
        last = max(last + 1, UInt64(max(0, time)) << 12 | 1)
        return last & 0xFFFF_FFFF_FFFF
    }

    mutating func next(_ prefix: String, at time: Int64, falling: Bool = false) -> String {
        let stamp = stamp(at: time)
        let digits = String(falling ? ~stamp & 0xFFFF_FFFF_FFFF : stamp, radix: 16)
        let padding = String(repeating: "0", count: 12 - digits.utf8.count)
        var tail: [UInt8] = []
        var chance = generator.next()
        for place in 0..<14 {
            if place == 10 { chance = generator.next() }
            tail.append(Self.letters[Int(chance % 62)])
            chance /= 62
        }
        return prefix + padding + digits + String(decoding: tail, as: UTF8.self)
    }
}
