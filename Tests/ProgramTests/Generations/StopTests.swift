// A stop right behind a prompt, at the real servers: whatever overtakes whatever on the way, in the end nothing runs.

import Foundation
import TestSupport
import Testing
import Wire

extension RealServers {
    @Suite(.serialized) struct StopTests {
        @Test(.timeLimit(.minutes(5)), arguments: OpenCodeGeneration.installed)
        func `a stop right behind a prompt leaves nothing that runs`(_ generation: OpenCodeGeneration) throws {
            let fixture = try RealFixture(generation)
            let session = try fixture.newSession()
            let reader = try fixture.reader(session)
            for round in 1...4 {
                try fixture.relay.post("/v1/sessions/\(session)/chat", #"{"id":"p\#(round)","content":"long please"}"#)
                // Now and then the prompt has a head start.
                for _ in 1..<round { _ = try fixture.relay.get("/v1/sessions/\(session)") }
                try fixture.relay.post("/v1/sessions/\(session)/stop", #"{"id":"s\#(round)"}"#)
                #expect(try fixture.settled("s\(round)", of: session) == "done")
                let prompt = try fixture.settled("p\(round)", of: session)
                #expect(["done", "refused"].contains(prompt))
                if prompt == "done" { #expect(try reader.untilIdle() == "stopped", "round \(round)") }
                #expect(try !fixture.isRunning(session), "round \(round)")
            }
            try fixture.prompt(session, "hello")
            #expect(try reader.untilIdle() == "done", "the next prompt is answered")
        }
    }
}

extension RealFixture {
    /// The state in which a command ends.
    fileprivate func settled(_ command: String, of session: String) throws -> String {
        let end = ContinuousClock.now + RunningProgram.patience
        while ContinuousClock.now < end {
            let state = try relay.get("/v1/sessions/\(session)/commands/\(command)")["state"]?.string ?? ""
            if state != "accepted", state != "sent" { return state }
        }
        return "never"
    }

    /// What OpenCode itself says.
    fileprivate func isRunning(_ session: String) throws -> Bool {
        switch opencode.generation {
        case .first:
            let directory = opencode.project.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let states = try JSON.parse(try opencode.ask("GET", "/session/status?directory=\(directory)").body)
            return states.member(named: session).map { $0["type"]?.string != "idle" } ?? false
        case .second:
            return try JSON.parse(try opencode.ask("GET", "/api/session/active").body)["data"]?.member(named: session) != nil
        }
    }
}
