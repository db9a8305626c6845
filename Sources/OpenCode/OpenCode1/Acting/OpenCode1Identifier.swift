// The ids of a command for 1.18: of a prompt its message's and its parts', which are an upsert when they are sent again.

import Wire

enum OpenCode1Identifier {
    static func all(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String] {
        switch command {
        case .create: return [IdentifierShape.descending("ses", at: now, &random)]
        case .prompt(_, _, let parts, _, _):
            let count = (try? JSON.parse(parts))?.items.count ?? 0
            var ids = [IdentifierShape.ascending("msg", at: now, &random)]
            for index in 0..<count { ids.append(IdentifierShape.ascending("prt", at: now, count: index + 2, &random)) }
            return ids
        case .stop, .permission, .question: return []
        }
    }

    /// Whether something made at `created` (ms) is younger than an ascending id of ours, on a circle of 48 bits.
    static func isLater(_ created: Int, than id: String) -> Bool {
        guard let begin = id.firstIndex(of: "_"),
            let ours = UInt64(id[id.index(after: begin)...].prefix(IdentifierShape.timeDigits), radix: 16)
        else { return true }
        let distance = (IdentifierShape.time(Int64(created)) &- (ours & ~0xFFF)) & IdentifierShape.timeMask
        return distance > 0 && distance < 1 << 47
    }
}
