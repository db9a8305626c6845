// The ids of a command for 2.x. Prompts that go through Reprise end in a mark: so that what waits in the inbox can be told from what others
// put there, without a word to OpenCode.

enum OpenCode2Identifier {
    static let mark = "rprs"

    static func all(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String] {
        switch command {
        case .create: return [IdentifierShape.descending("ses", at: now, &random)]
        case .prompt: return [IdentifierShape.ascending("msg", at: now, mark: mark, &random)]
        case .stop, .permission, .question: return []
        }
    }

    static func isOurs(_ id: String) -> Bool {
        id.hasPrefix("msg_") && id.hasSuffix(mark) && id.utf8.count == 4 + IdentifierShape.timeDigits + IdentifierShape.chanceLength
    }
}
