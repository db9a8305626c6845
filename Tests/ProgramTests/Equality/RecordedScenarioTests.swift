// The recordings, understood as something to be done again. Needs no OpenCode.

import TestSupport
import Testing

@Suite(.ownThread) struct RecordedScenarioTests {
    @Test(arguments: OpenCodeGeneration.allCases) func `understands every recording`(_ generation: OpenCodeGeneration) throws {
        let all = try RecordedScenario.names(generation).map { try RecordedScenario($0, generation) }
        #expect(all.count > 50)
        #expect(all.count { !$0.heard.sessions.isEmpty } > 50)
        let prompted = all.first { $0.name == "tools_once" }
        #expect(prompted?.heard.sessions.values.first?.ids["permission"]?.count == 2)
    }

    @Test func `gives to the program what it has a command for`() {
        func path(_ generation: OpenCodeGeneration, _ target: String, _ body: String, asker: String? = nil, isIdle: Bool = true) -> String?
        {
            let call = CommandMapping.of(generation, "POST", target, body, asker: asker, isIdle: isIdle, isWellMade: true)
            guard case .program(let path, _)? = call else { return nil }
            return path
        }
        #expect(path(.first, "/session?directory=/x/projects/a", "{}") == "/v1/sessions")
        #expect(path(.second, "/api/session", #"{"location":{"directory":"/x/projects/a"}}"#) == "/v1/sessions")
        #expect(path(.second, "/api/session", #"{"id":"ses_mine","location":{"directory":"/x/projects/a"}}"#) == nil)
        #expect(path(.first, "/session/ses_a/prompt_async", #"{"parts":[{"type":"text","text":"hello"}]}"#) == "/v1/sessions/ses_a/chat")
        #expect(path(.second, "/api/session/ses_a/prompt", #"{"text":"hello"}"#) == "/v1/sessions/ses_a/chat")
        #expect(path(.second, "/api/session/ses_a/prompt", #"{"text":"hello"}"#, isIdle: false) == nil)
        #expect(path(.second, "/api/session/ses_a/prompt", #"{"text":"hello","delivery":"queue"}"#) == nil)
        #expect(path(.second, "/api/session/ses_a/interrupt", "") == "/v1/sessions/ses_a/stop")
        #expect(path(.first, "/permission/per_1/reply", #"{"reply":"once"}"#, asker: "ses_a") == "/v1/sessions/ses_a/permissions/per_1")
        #expect(path(.first, "/question/que_1/reply", #"{"answers":[["a"]]}"#, asker: "ses_a") == "/v1/sessions/ses_a/questions/que_1")
        #expect(path(.first, "/session/ses_a/shell", #"{"command":"ls"}"#) == nil)
    }
}
