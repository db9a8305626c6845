// Ids in OpenCode's own shape: a prefix, 12 hexadecimal digits of time (ms × 4096 + a count, 48 bits, so they wrap), 14 characters of chance.
// Sessions count down, so that the newest sorts first; messages and parts count up.

import Wire

enum OpenCode1Identifier {
    private static let mask: UInt64 = (1 << 48) - 1

    static func all(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String] {
        switch command {
        case .create: return [descending("ses", now, 1, &random)]
        case .prompt(_, _, let parts, _, _):
            let count = (try? JSON.parse(parts))?.items.count ?? 0
            var ids = [ascending("msg", now, 1, &random)]
            for index in 0..<count { ids.append(ascending("prt", now, index + 2, &random)) }
            return ids
        case .stop, .permission, .question: return []
        }
    }

    static func ascending(_ prefix: String, _ now: Int64, _ count: Int, _ random: inout any RandomNumberGenerator) -> String {
        "\(prefix)_\(hexadecimal(time(now) &+ UInt64(count)))\(chance(&random))"
    }

    static func descending(_ prefix: String, _ now: Int64, _ count: Int, _ random: inout any RandomNumberGenerator) -> String {
        "\(prefix)_\(hexadecimal(~(time(now) &+ UInt64(count))))\(chance(&random))"
    }

    /// Whether something made at `created` (ms) is younger than an ascending id of ours, on a circle of 48 bits.
    static func isLater(_ created: Int, than id: String) -> Bool {
        guard let begin = id.firstIndex(of: "_"), let ours = UInt64(id[id.index(after: begin)...].prefix(12), radix: 16) else {
            return true
        }
        let distance = (time(Int64(created)) &- (ours & ~0xFFF)) & mask
        return distance > 0 && distance < 1 << 47
    }

    private static func time(_ milliseconds: Int64) -> UInt64 { UInt64(bitPattern: milliseconds) &* 4096 & mask }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value & mask, radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    private static func chance(_ random: inout any RandomNumberGenerator) -> String {
        let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var bytes: [UInt8] = []
        for _ in 0..<14 { bytes.append(letters[Int(random.next() % 62)]) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
