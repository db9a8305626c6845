// The resume campaign: clients on all transports over ways that break, while Reprise and OpenCode are killed; in the end nothing may be lost,
// doubled or told otherwise.

import Foundation
import TestSupport

enum ResumeCase: Case {
    static let name = "resume"
    static let summary = "cuts every client and kills both servers, then checks that nothing is lost or doubled"
    static let usage = """
        usage: reprise-bench resume [--generation 1|2|scripted] [--opencode-bin PATH] [--seed N] [--cuts 200] [--kills 20]
                                    [--opencode-kills 5] [--drains 2] [--sessions 3] [--seconds 1800] [--dump DIR]

        Starts the reprise beside this program in front of an OpenCode (1: 1.18, 2: 2.x, with a scripted model; scripted: our own), prompts
        several sessions at once, publishes to a plain topic, and follows sessions, topic and lobby with clients of each kind: WebSocket,
        server-sent events, long-poll, NDJSON pages, the Swift client, the JavaScript client (in node). Their connections are cut after random
        numbers of bytes and at random times, at least --cuts times for each kind. Reprise is killed (SIGKILL) --kills times and ended (SIGTERM)
        --drains times, OpenCode is killed --opencode-kills times. In the second half Reprise runs OpenCode by itself: 1.18 as its child, 2.x
        as the background service. It ends when all that has happened, or after --seconds, which is a fault.

        Then, from the log, from what each subscriber wrote down and from OpenCode: every subscriber has the log byte for byte; every connection
        began exact; every acknowledged event is in the log once; every acknowledged prompt ran once; each time that OpenCode was not heard is
        an outage in the topic opencode and in each session that was busy; the messages are OpenCode's. Prints what happened as JSON. Exits
        with 1 if anything is wrong.

          --seed N       the same cuts and kills again, as far as time allows
          --dump DIR     leaves the logs and what Reprise said there, if anything is wrong

          swift build -c release --product reprise && swift build -c release --product reprise-bench
          .build/release/reprise-bench resume --cuts 50 --kills 5
        """
    static let flags: [Flag] = [
        .text("--generation"), .text("--opencode-bin"), .text("--seed"), .number("--cuts"), .number("--kills"),
        .number("--opencode-kills"),
        .number("--drains"), .number("--sessions"), .number("--seconds"), .text("--dump"),
    ]

    static func run(_ flags: Flags) throws {
        let plan = try ResumePlan(flags)
        complain("seed \(plan.seed)")
        let campaign = try ResumeCampaign(plan)
        defer { campaign.stop() }
        let report = try campaign.run()
        say(try report.json())
        guard !report.faults.isEmpty else { return }
        if let folder = flags.text("--dump") { try campaign.dump(to: folder) }
        throw BenchFailure("\(report.faults.count) faults, seed \(plan.seed)")
    }
}
