// Ids in OpenCode's own shape: a prefix, 12 hexadecimal digits of time (ms × 4096 + a count, 48 bits, so they wrap), 14 characters of
// chance. Sessions count down, so that the newest sorts first; messages count up. Prompts that go through Reprise end in a mark: so that
// what waits in the inbox can be told from what others put there, without a word to OpenCode.

enum OpenCode2Identifier {
    static let mark = "rprs"
    private static let chanceLength = 14

    static func all(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String] {
        let time = UInt64(bitPattern: now) &* 4096 &+ 1
        switch command {
        case .create: return ["ses_\(hexadecimal(~time))\(chance(chanceLength, &random))"]
        case .prompt: return ["msg_\(hexadecimal(time))\(chance(chanceLength - mark.utf8.count, &random))\(mark)"]
        case .stop, .permission, .question: return []
        }
    }

    static func isOurs(_ id: String) -> Bool { id.hasPrefix("msg_") && id.hasSuffix(mark) && id.utf8.count == 4 + 12 + chanceLength }

    private static func hexadecimal(_ time: UInt64) -> String {
        let digits = String(time & ((1 << 48) - 1), radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    private static func chance(_ count: Int, _ random: inout any RandomNumberGenerator) -> String {
        String((0..<count).map { _ in letters[Int(random.next() % 62)] })
    }
}
