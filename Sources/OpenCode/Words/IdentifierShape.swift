// Ids in OpenCode's own shape, the same in both generations: a prefix, 12 hexadecimal digits of time (ms × 4096 + a count, 48 bits, so they
// wrap), 14 characters of chance. Sessions count down, so that the newest sorts first; messages and parts count up.

enum IdentifierShape {
    static let timeMask: UInt64 = (1 << 48) - 1
    static let timeDigits = 12
    static let chanceLength = 14
    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// What an id made at this time (ms) begins with, without a count.
    static func time(_ milliseconds: Int64) -> UInt64 { UInt64(bitPattern: milliseconds) &* 4096 & timeMask }

    /// - Parameters:
    ///   - count: distinguishes what is made within one millisecond; from 1.
    ///   - mark: stands for the last of the chance.
    static func ascending(
        _ prefix: String, at now: Int64, count: Int = 1, mark: String = "", _ random: inout any RandomNumberGenerator
    ) -> String {
        "\(prefix)_\(hexadecimal(time(now) &+ UInt64(count)))\(chance(chanceLength - mark.utf8.count, &random))\(mark)"
    }

    static func descending(_ prefix: String, at now: Int64, _ random: inout any RandomNumberGenerator) -> String {
        "\(prefix)_\(hexadecimal(~(time(now) &+ 1)))\(chance(chanceLength, &random))"
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value & timeMask, radix: 16)
        return String(repeating: "0", count: timeDigits - digits.count) + digits
    }

    private static func chance(_ count: Int, _ random: inout any RandomNumberGenerator) -> String {
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes.append(letters[Int(random.next() % UInt64(letters.count))]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
