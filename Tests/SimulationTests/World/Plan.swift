// What kind of schedule a seed is: how large things are and how often they go wrong. Drawn anew for each, because faults that are rare
// together hide each other when all are frequent.

import RelayProtocol
import ScriptedOpenCode

@testable import Broker

/// What a test wants of all its schedules.
struct Scenario {
    var steps = 400
    var logFault: MemoryLog.Fault?
    var readerFault: LogReaderModel.Fault?
    /// With an OpenCode of this generation, whose sessions are the topics.
    var upstream: ScriptedGeneration?
    var hasUpstream: Bool { upstream != nil }
    var agentFault: AgentModel.Fault?
}

struct Plan {
    let steps: Int
    let topics: [TopicName]
    let loops: Int
    let clients: Int
    let mailbox: Int
    let pipeBytes: Int
    let pageBytes: Int
    let ringBytes: Int
    let rings: Ring.Limits
    let keptEvents: Int
    let eventBytes: Int
    // How often in a thousand steps.
    let publishes: Int
    let cuts: Int
    let kills: Int
    let stalls: Int
    let removals: Int
    let diskFailures: Int
    let timeJumps: Int

    init(_ scenario: Scenario, _ dice: inout Dice) {
        steps = scenario.steps
        let names = scenario.hasUpstream ? ["opencode", "lobby"] : ["builds", "ses_1", "opencode", "lobby", "deploys"]
        topics = names.prefix(dice.number(1...names.count)).compactMap { TopicName($0) }
        loops = dice.number(1...2)
        clients = scenario.hasUpstream ? dice.number(0...2) : dice.number(2...6)
        mailbox = dice.number(1...12)
        pipeBytes = dice.number(60...1500)
        pageBytes = dice.number(200...3000)
        ringBytes = dice.number(0...6000)
        rings = Ring.Limits(first: dice.number(2...5) * 128, largest: 4096)
        keptEvents = dice.number(3...40)
        eventBytes = dice.number(10...400)
        publishes = scenario.hasUpstream ? dice.number(10...60) : dice.number(40...250)
        cuts = dice.number(0...15)
        kills = dice.number(0...(scenario.hasUpstream ? 4 : 8))
        stalls = dice.number(0...12)
        removals = dice.chance(perMille: 400) ? dice.number(1...8) : 0
        diskFailures = dice.chance(perMille: 500) ? dice.number(0...60) : 0
        timeJumps = dice.number(0...30)
    }
}
