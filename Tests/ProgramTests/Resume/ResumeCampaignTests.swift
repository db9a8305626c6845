// A part of the resume campaign: `reprise-bench resume` plays and judges, in front of the scripted OpenCode and of real ones.

import Foundation
import Reactor
import TestSupport
import Testing
import Wire

@Suite(.ownThread, .serialized) struct ResumeCampaignTests {
    @Test(.timeLimit(.minutes(20))) func `loses and doubles nothing while clients are cut and Reprise is killed`() throws {
        try Campaign.check(generation: "scripted", kills: 4, openCodeKills: 0)
    }

    @Test(.timeLimit(.minutes(5))) func `says what was not reached, and fails`() throws {
        let (status, report) = try Campaign.run([
            "--generation", "scripted", "--cuts", "1000000", "--kills", "0", "--drains", "0", "--seconds", "1",
        ])
        #expect(status == .exited(1))
        #expect(report["faults"]?.items.count == 1, "\(report)")
    }

    @Test func `refuses what it cannot do`() throws {
        for wrong in [["--generation", "3"], ["--opencode-kills", "1"], ["--seed", "x"], ["--generation", "1", "--opencode-bin"]] {
            let program = try Campaign.start(wrong)
            #expect(try program.wait() == .exited(2), "\(wrong) \(program.errors)")
        }
    }
}

extension RealServers {
    @Suite(.serialized) struct ResumeCampaignTests {
        @Test(.timeLimit(.minutes(20)), arguments: OpenCodeGeneration.installed)
        func `loses and doubles nothing while clients are cut and both sides are killed`(_ generation: OpenCodeGeneration) throws {
            try Campaign.check(generation: generation == .first ? "1" : "2", kills: 2, openCodeKills: 2)
        }
    }
}

/// The bench's campaign as a child.
private enum Campaign {
    static func start(_ arguments: [String]) throws -> RunningProgram {
        var environment = ProcessInfo.processInfo.environment
        environment["NODE"] = NodeProgram.path
        let bench = BuiltProgram.path("reprise-bench")
        return try RunningProgram(bench, ["resume"] + arguments, environment: environment, patience: .seconds(1200))
    }

    static func run(_ arguments: [String]) throws -> (status: ChildStatus, report: JSONValue) {
        let program = try start(arguments)
        let output = try program.rest().joined(separator: "\n")
        let status = try program.wait()
        guard !output.isEmpty else { throw program.disappointed("no report came") }
        return (status, try JSON.parse(Array(output.utf8)))
    }

    static func check(generation: String, kills: Int, openCodeKills: Int) throws {
        let seed = Seed(for: "resume campaign, \(generation)")
        let (cuts, kills, deaths) = (20 * TestScale.factor, kills * TestScale.factor, openCodeKills * TestScale.factor)
        let (status, report) = try run([
            "--generation", generation, "--seed", "\(seed.first)", "--cuts", "\(cuts)", "--kills", "\(kills)", "--opencode-kills",
            "\(deaths)",
            "--drains", "1", "--seconds", "1000",
        ])
        #expect(report["faults"]?.items.map { $0.string ?? "" } == [])
        #expect(status == .exited(0))
        #expect(report["absences"]?["killOfReprise"]?["count"]?.int == kills)
        #expect((report["absences"]?["killOfOpenCode"]?["count"]?.int ?? 0) == deaths)
        let transports = report["transports"]?.members.map { ($0.0, $0.1["cuts"]?.int ?? 0) } ?? []
        #expect(transports.count == (NodeProgram.path == nil ? 5 : 6) && transports.allSatisfy { $0.1 >= cuts }, "\(transports)")
        print("resume campaign, \(generation): cuts \(transports), kills \(kills) and \(deaths)")
    }
}
