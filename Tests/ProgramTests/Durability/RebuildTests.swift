// What the program answers follows from the log alone: after a rebuild every answer is the same, byte for byte.

import TestSupport
import Testing
import Wire

@Suite(.ownThread) struct RebuildTests {
    @Test(.timeLimit(.minutes(3))) func `rebuilds every answer from the log`() throws {
        let fixture = try ScriptedFixture()
        var sessions: [String] = []
        for prompts in [
            ["add authentication", "think"], ["unicode", "markdown", "toolerror"], ["subagent"], ["provider-error", "hello"], [],
        ] {
            let session = try fixture.newSession()
            sessions.append(session)
            let reader = try fixture.reader(session)
            for prompt in prompts { try fixture.play(session, prompt, reader) }
        }
        try fixture.relay.post("/v1/topics/builds/events", #"{"build":1}"#)
        try fixture.relay.drain()
        fixture.relay.arguments = ["--opencode", "none"]
        try fixture.relay.start()
        let before = try answers(fixture.relay, sessions)
        try fixture.relay.drain()
        let rebuild = try Reprise.run(["rebuild", "--data", fixture.relay.data], in: fixture.relay.folder)
        #expect(rebuild.status == .exited(0), "\(rebuild.errors)")
        #expect(rebuild.errors.contains("rebuilt \(before.children + sessions.count) sessions"), "\(rebuild.errors)")
        try fixture.relay.start()
        #expect(try answers(fixture.relay, sessions).texts == before.texts)
    }

    private func answers(_ relay: RelayProcess, _ sessions: [String]) throws -> (texts: [String], children: Int) {
        var texts = [try relay.ask("GET", "/v1/sessions?limit=200").text, try relay.ask("GET", "/v1/topics?limit=200").text]
        var children = 0
        for session in sessions {
            let path = "/v1/sessions/\(session)"
            for route in ["", "/messages?limit=2", "/messages?limit=100", "/tasks", "/children"] {
                let answer = try relay.ask("GET", path + route)
                #expect(answer.status == 200, "\(route) \(answer.text)")
                texts.append(answer.text)
                if route == "/children" { children += try JSON.parse(answer.body)["sessions"]?.items.count ?? 0 }
            }
            texts += try relay.log(session)
        }
        return (texts, children)
    }
}
