// What goes wrong in a campaign: who is killed, when, and what must be there again before the next one.

import Foundation
import Reactor
import TestSupport

extension ResumeCampaign {
    private enum Hazard { case killReprise, killOpenCode, killBoth, drain }

    /// First with OpenCode at an address, then with one that Reprise runs by itself.
    func playHazards() throws {
        let halves = [0, 1].map { half in hazards(half) }
        try halves[0].forEach(playInTime)
        if plan.generation.real != nil { try moveToOwn() }
        try halves[1].forEach(playInTime)
    }

    private func playInTime(_ hazard: Hazard) throws {
        if isOverTime { return faults.append("\(hazard) was not done after \(plan.seconds) s") }
        try play(hazard)
    }

    private func hazards(_ half: Int) -> [Hazard] {
        func share(_ count: Int) -> Int { half == 0 ? count / 2 : count - count / 2 }
        var (kills, deaths) = (share(plan.kills), share(plan.openCodeKills))
        // The two together only where OpenCode is started again by us.
        let both = half == 0 ? min(kills, deaths) / 3 : 0
        (kills, deaths) = (kills - both, deaths - both)
        let all: [(Hazard, Int)] = [(.killReprise, kills), (.killOpenCode, deaths), (.killBoth, both), (.drain, share(plan.drains))]
        return all.flatMap { Array(repeating: $0.0, count: $0.1) }.shuffled(using: &seed)
    }

    private func play(_ hazard: Hazard) throws {
        waitForStreaming()
        usleep(UInt32(seed.magnitude(in: 1000...400_000)))
        let before = upstream.processID
        switch hazard {
        case .killReprise: try killReprise()
        case .killOpenCode: try killOpenCode()
        case .killBoth:
            try relay.kill()
            note(.killOfReprise)
            try killOpenCode()
            try restartReprise()
        case .drain: try drain()
        }
        try waitForReturn(since: before)
        // A drain ends a child; a service, and what a killed Reprise leaves behind, goes on.
        if isOwn, hazard == .killReprise, upstream.processID != before {
            faults.append("OpenCode \(before ?? 0) was not taken back: now \(upstream.processID ?? 0)")
        }
        if isOwn { faults += upstream.faultsOfProcesses() }
        for watch in watches { watch.forgetDeltas() }
    }

    private func note(_ cause: Absence.Cause) {
        absences.append(Absence(cause: cause, time: WallClock.now, isOwn: isOwn))
        complain("\(absences.count): \(cause.rawValue)\(isOwn ? ", own" : "")")
    }

    /// Somewhere an answer is under way, of which so many deltas were heard.
    private func waitForStreaming() {
        let wanted = Int.random(in: 1...12, using: &seed)
        let end = ContinuousClock.now + .seconds(90)
        while ContinuousClock.now < end {
            if watches.contains(where: { !$0.now.isIdle && $0.now.deltas >= wanted }) { return }
            usleep(5000)
        }
        faults.append("nothing streamed for 90 s: \(watches.map(\.now.status))")
    }

    private func restartReprise() throws {
        pastErrors.append(relay.program.errors)
        try relay.start()
    }

    private func killReprise() throws {
        try relay.kill()
        note(.killOfReprise)
        try restartReprise()
        // At times once more, before it has found its feet.
        guard Int.random(in: 0..<6, using: &seed) == 0 else { return }
        usleep(UInt32(seed.magnitude(in: 1000...300_000)))
        try relay.kill()
        try restartReprise()
    }

    private func killOpenCode() throws {
        try upstream.kill()
        note(.killOfOpenCode)
        usleep(UInt32(seed.magnitude(in: 1000...1_000_000)))
        try upstream.restart()
    }

    private func drain() throws {
        let status = try relay.drain()
        note(.drain)
        if status != .exited(0) { faults.append("a drain ended with \(status)") }
        try restartReprise()
    }

    private func moveToOwn() throws {
        waitForStreaming()
        let before = upstream.processID
        try drainForMove()
        try waitForReturn(since: before)
        faults += upstream.faultsOfProcesses()
        for watch in watches { watch.forgetDeltas() }
    }

    private func drainForMove() throws {
        let status = try relay.drain()
        if status != .exited(0) { faults.append("a drain ended with \(status)") }
        note(.drain)
        isOwn = try upstream.becomeReprisesOwn(relay)
        relay.arguments = upstream.arguments
        relay.environment = upstream.environment
        try restartReprise()
    }

    /// Reprise hears OpenCode again, and has said so.
    /// - Parameter before: the process of OpenCode that served until then.
    private func waitForReturn(since before: Int32?) throws {
        guard let absence = absences.last else { return }
        let isBack = opencode.wait(within: .seconds(120)) { $0.outages.contains { $0.covers(absence) && $0.isHealed } ? true : nil }
        absences[absences.count - 1].returned = WallClock.now
        absences[absences.count - 1].isDeath = upstream.processID != before
        if isBack == nil {
            faults.append("no healed outage in opencode covers \(absence.time), 120 s later: \(relay.program.errors.suffix(500))")
        }
    }
}
