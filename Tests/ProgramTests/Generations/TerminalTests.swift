// The person's own background service and its own client in a terminal are there first: what is said in the terminal is seen in the program
// as it streams.

import Foundation
import TestSupport
import Testing
import Wire

extension RealServers {
    @Suite(
        .serialized,
        .enabled(if: OpenCodeGeneration.second.binary != nil, "OPENCODE2_BIN is not set"),
        .enabled(if: Terminal.isInstalled, "tmux is not installed"))
    struct TerminalTests {
        @Test(.timeLimit(.minutes(3))) func `sees a turn that was begun in the person's terminal, as it streams`() throws {
            let opencode = try RealOpenCode(.second, as: .service, tokensPerSecond: 100)
            defer { opencode.stop() }
            let terminal = try Terminal(opencode.folder.launcher, in: opencode.project)
            defer { terminal.end() }
            try terminal.wait(for: "Scripted")
            let relay = try RelayProcess(
                ["--opencode", "auto", "--directory", opencode.project], environment: opencode.folder.environment)
            #expect(try relay.program.error(with: "opencode found").contains("background service"))
            try relay.program.error(with: "upstream connected")
            let lobby = try TopicReader(relay, "/v1/topics/lobby")
            try terminal.type("half a long answer please")
            let session = try #require(try lobby.until { $0.isEvent("entry") }["entry"]?["id"]?.string)
            let reader = try TopicReader(relay, "/v1/sessions/\(session)")
            try reader.until { $0.isEvent("delta") }
            // It is not over yet, there or here.
            #expect(try opencode.api.answer("GET", "/api/session/active")?["data"]?.member(named: session) != nil)
            #expect(try reader.untilIdle() == "done")
            #expect(reader.events.count { $0.isEvent("delta") } > 3)
            let (ours, theirs) = (try SessionContent.ours(session, relay.api), try SessionContent.theirs(session, opencode.api))
            #expect(SessionComparison(ours: ours, theirs: theirs, mayBeCut: false, heard: [:]).differences == [])
            let service = try #require(opencode.pid)
            #expect(try relay.drain() == .exited(0))
            // It is the person's: it goes on without the program, and there was never another.
            #expect(ServerProcesses.of(home: opencode.folder.home) == [service])
        }
    }
}
