// What a resume campaign is to do, as the flags say it.

import Foundation
import TestSupport

struct ResumePlan: Codable {
    enum Generation: String, Codable {
        case first = "1"
        case second = "2"
        case scripted
    }

    let generation: Generation
    /// The real server's program; nil: what OPENCODE1_BIN or OPENCODE2_BIN says.
    let binary: String?
    let seed: UInt64
    /// At least so many on each kind of client.
    let cuts: Int
    let kills: Int
    let openCodeKills: Int
    let drains: Int
    let sessions: Int
    let seconds: Int

    init(_ flags: Flags) throws {
        guard let generation = Generation(rawValue: flags.text("--generation") ?? "scripted") else {
            throw UsageError("--generation is 1, 2 or scripted")
        }
        self.generation = generation
        binary = flags.text("--opencode-bin") ?? generation.real?.binary
        guard generation == .scripted || binary != nil else {
            throw UsageError(
                "--generation \(generation.rawValue) wants --opencode-bin, or \(generation.real?.rawValue ?? "") in the environment")
        }
        openCodeKills = flags.number("--opencode-kills", default: generation == .scripted ? 0 : 5)
        guard generation != .scripted || openCodeKills == 0 else {
            throw UsageError("the scripted OpenCode forgets its sessions when it is killed: no --opencode-kills")
        }
        seed = try flags.text("--seed").map(Self.seed) ?? .random(in: 0...(.max))
        cuts = flags.number("--cuts", default: 200)
        kills = flags.number("--kills", default: 20)
        drains = flags.number("--drains", default: 2)
        sessions = max(1, flags.number("--sessions", default: 3))
        seconds = flags.number("--seconds", default: 1800)
    }

    private static func seed(_ text: String) throws -> UInt64 {
        guard let seed = UInt64(text) else { throw UsageError("--seed wants a number, not “\(text)”") }
        return seed
    }
}

extension ResumePlan.Generation {
    /// The real server of this name.
    var real: OpenCodeGeneration? {
        switch self {
        case .first: .first
        case .second: .second
        case .scripted: nil
        }
    }
}
