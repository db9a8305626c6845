import OpenCode
import RelayProtocol
import Testing

/// A prompt that was accepted for one generation and is settled by the other: it is looked for, and nothing goes out.
@Suite struct ForeignPromptTests {
    private static let prompt = UpstreamCommand.prompt(
        session: "ses_1", directory: "/p", parts: Array(#"[{"type":"text","text":"hello"}]"#.utf8), agent: "plan", model: nil)
    private static let missing1 = UpstreamAnswer.json(
        #"{"name":"NotFoundError","data":{"message":"Message not found: msg_1"}}"#, status: 404)
    private static let missing2 = UpstreamAnswer.json(#"{"_tag":"MessageNotFoundError","message":"no"}"#, status: 404)

    private func settle(
        _ adapter: any UpstreamAdapter, _ identifiers: UpstreamIdentifiers, settling: Bool,
        _ table: [(request: String, answers: [UpstreamAnswer])]
    ) -> (result: Result<CommandResult, UpstreamFailure>, asked: [String]) {
        var conversation = Conversation<CommandResult>(table)
        let exchange = adapter.perform(Self.prompt, identifiers: identifiers, checkpoint: nil, settling: settling)
        return (conversation.run(exchange), conversation.asked)
    }

    private func isUncertain(_ result: Result<CommandResult, UpstreamFailure>) -> Bool {
        if case .success(.uncertain) = result { true } else { false }
    }

    @Test(arguments: [true, false]) func `1.18 sends no prompt of 2's`(_ settling: Bool) {
        let theirs = UpstreamIdentifiers(generation: OpenCode2().generation, all: ["msg_1"])
        let absent = settle(
            OpenCode1(), theirs, settling: settling,
            [("GET /session/ses_1/message/msg_1", [Self.missing1]), ("GET /session/ses_1/message?", [.json("[]")])])
        #expect(isUncertain(absent.result), "\(absent.result)")
        #expect(absent.asked.count == 2 && absent.asked.allSatisfy { $0.hasPrefix("GET ") })
        let found = settle(
            OpenCode1(), theirs, settling: settling,
            [("GET /session/ses_1/message/msg_1", [.json(#"{"info":{"id":"msg_1"},"parts":[]}"#)])])
        #expect(found.result == .success(.done(result: Array(#"{"message":"msg_1"}"#.utf8))))
    }

    @Test(arguments: [true, false]) func `2 sends no prompt of 1.18's`(_ settling: Bool) {
        let theirs = UpstreamIdentifiers(generation: OpenCode1().generation, all: ["msg_1", "prt_1"])
        let rest: [(request: String, answers: [UpstreamAnswer])] = [
            ("GET /api/session/ses_1/inbox", [.json(#"{"data":[]}"#)]), ("GET /api/session/active", [.json(#"{"data":{}}"#)]),
            ("GET /api/session/ses_1", [.json(#"{"data":{"id":"ses_1","agent":"build"}}"#)]),
        ]
        let absent = settle(
            OpenCode2(), theirs, settling: settling, [("GET /api/session/ses_1/message/msg_1", [Self.missing2])] + rest)
        #expect(isUncertain(absent.result), "\(absent.result)")
        #expect(absent.asked.allSatisfy { $0.hasPrefix("GET ") })
        let found = settle(
            OpenCode2(), theirs, settling: settling, [("GET /api/session/ses_1/message/msg_1", [.json(#"{"data":{"id":"msg_1"}}"#)])] + rest
        )
        #expect(found.result == .success(.done(result: Array(#"{"message":"msg_1"}"#.utf8))))
    }

    @Test func `its own are sent as ever, and those of which nobody knows whose they are`() {
        for generation in [OpenCode2().generation, nil] {
            let ours = UpstreamIdentifiers(generation: generation, all: ["msg_1"])
            let sent = settle(
                OpenCode2(), ours, settling: false,
                [
                    ("GET /api/session/ses_1", [.json(#"{"data":{"id":"ses_1","agent":"plan"}}"#)]),
                    ("POST /api/session/ses_1/prompt", [.json("{}")]),
                ])
            #expect(sent.asked.contains("POST /api/session/ses_1/prompt"))
        }
    }
}
