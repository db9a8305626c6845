// What becomes of a command after it was accepted is told as long as a person waits, and by the exit code.

import TestSupport
import Testing

@Suite(.ownThread) struct CommandOutcomeTests {
    @Test func `send fails where OpenCode refuses the prompt a moment later`() throws {
        let fixture = try ScriptedFixture()
        let session = try fixture.newSession()
        try fixture.commit(#"{"fault":"refuse","path":"/api/session/\#(session)/prompt","status":400}"#)
        let words = ["send", session, "hello", "--data", fixture.relay.data]
        let refused = try Reprise.run(words, in: fixture.relay.folder)
        #expect(refused.status == .exited(1))
        #expect(refused.output == [])
        #expect(refused.errors.hasPrefix("reprise: ") && !refused.errors.contains("no answer"), "\(refused.errors)")
        let taken = try Reprise.run(words, in: fixture.relay.folder)
        #expect(taken.status == .exited(0))
        #expect(taken.output == [session])
    }

    @Test func `stop fails where OpenCode does not stop in time`() throws {
        let command = #"{"id":"s1","do":"stop","state":"sent"}"#
        let server = try FakeOpenCode([
            "/v1/sessions/ses_a/stop": FakeOpenCode.Answer(status: 202, body: command), "/v1/sessions/ses_a/commands/s1": .json(command),
        ])
        let words = ["stop", "ses_a", "--server", server.url]
        let token = ["REPRISE_TOKEN": "abcdefghijklmnopqrstuv"]
        let outcome = try Reprise.run(words, in: TestFolder(), environment: token)
        #expect(outcome.status == .exited(1))
        #expect(outcome.errors.contains("OpenCode has not stopped it yet"), "\(outcome.errors)")
        server.answer("/v1/sessions/ses_a/commands/s1", .json(#"{"id":"s1","do":"stop","state":"done","result":{"stopped":false}}"#))
        let idle = try Reprise.run(words, in: TestFolder(), environment: token)
        #expect(idle.status == .exited(0))
        #expect(idle.errors.contains("nothing was running"))
    }
}
