// What kind of schedule a seed is: how large things are and how often they go wrong. Drawn anew for each, because faults that are rare
// together hide each other when all are frequent.

import RelayProtocol

@testable import Broker

struct SchedulePlan {
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

    init(_ kind: ScheduleKind, _ random: inout SeededRandom) {
        steps = kind.steps
        let names = kind.hasUpstream ? ["opencode", "lobby"] : ["builds", "ses_1", "opencode", "lobby", "deploys"]
        topics = names.prefix(random.number(1...names.count)).compactMap { TopicName($0) }
        loops = random.number(1...2)
        clients = kind.hasUpstream ? random.number(0...2) : random.number(2...6)
        mailbox = random.number(1...12)
        pipeBytes = random.number(60...1500)
        pageBytes = random.number(200...3000)
        ringBytes = random.number(0...6000)
        rings = Ring.Limits(first: random.number(2...5) * 128, largest: 4096)
        keptEvents = random.number(3...40)
        eventBytes = random.number(10...400)
        publishes = kind.hasUpstream ? random.number(10...60) : random.number(40...250)
        cuts = random.number(0...15)
        kills = random.number(0...(kind.hasUpstream ? 4 : 8))
        stalls = random.number(0...12)
        removals = random.chance(perMille: 400) ? random.number(1...8) : 0
        diskFailures = random.chance(perMille: 500) ? random.number(0...60) : 0
        timeJumps = random.number(0...30)
    }
}
