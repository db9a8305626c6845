import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct ActingTests1 {
    private let adapter = OpenCode1()
    private let now: Int64 = 1_795_346_672_332
    private static let noMessage = UpstreamAnswer.json(
        #"{"name":"NotFoundError","data":{"message":"Message not found: msg_1"}}"#, status: 404)
    private static let noSession = UpstreamAnswer.json(
        #"{"name":"NotFoundError","data":{"message":"Session not found: ses_1"}}"#, status: 404)
    private static let accepted = UpstreamAnswer.answered(status: 204, isJSON: false, headers: [], body: [])
    private static let parts = Array(
        #"[{"type":"text","text":"h\u00e9"},{"type":"file","mime":"text/plain","name":"a.txt","url":"data:,x"}]"#.utf8)
    private static let prompt = UpstreamCommand.prompt(
        session: "ses_1", directory: "/p q", parts: parts, agent: "plan", model: ModelChoice(provider: "mock", id: "m", variant: "high"))

    private func identifiers(_ command: UpstreamCommand) -> [String] {
        var random: any RandomNumberGenerator = Counting()
        return adapter.identifiers(for: command, now: now, random: &random)
    }

    /// A prompt's message with all its parts.
    private func stored(_ ids: [String]) -> UpstreamAnswer {
        let parts = ids.dropFirst().map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
        return .json(#"{"info":{"id":"\#(ids[0])"},"parts":[\#(parts)]}"#)
    }

    private func perform(_ command: UpstreamCommand, settling: Bool = false, _ table: [(request: String, answers: [UpstreamAnswer])])
        -> (result: Result<CommandResult, UpstreamFailure>, conversation: Conversation<CommandResult>)
    {
        var conversation = Conversation<CommandResult>(table)
        let exchange = adapter.perform(command, identifiers: identifiers(command), checkpoint: nil, settling: settling)
        return (conversation.run(exchange), conversation)
    }

    @Test func `ids have OpenCode's own shape and order`() throws {
        let ids = identifiers(Self.prompt)
        #expect(ids.map { $0.prefix(4) } == ["msg_", "prt_", "prt_"])
        #expect(ids.allSatisfy { $0.utf8.count == 4 + 12 + 14 })
        #expect(ids[0].hasPrefix("msg_203002acc001"))
        #expect(ids[1].dropFirst(4) < ids[2].dropFirst(4))
        let session = identifiers(.create(directory: "/p", title: nil, agent: nil, model: nil))
        #expect(session.first?.hasPrefix("ses_dfcffd533ffe") == true)
        #expect(identifiers(.stop(session: "ses_1", directory: nil)) == [])
    }

    // Prompts.

    @Test func `a prompt counts when its message can be read`() throws {
        let ids = identifiers(Self.prompt)
        let (result, conversation) = perform(
            Self.prompt,
            [
                ("POST /session/ses_1/prompt_async", [Self.accepted]),
                ("GET /session/ses_1/message/", [Self.noMessage, Self.noMessage, stored(ids)]),
            ])
        #expect(result == .success(.done(result: Array(#"{"message":"\#(ids[0])"}"#.utf8))))
        #expect(conversation.waited == .milliseconds(60))
        #expect(
            conversation.bodies.first
                == #"{"messageID":"\#(ids[0])","agent":"plan","model":{"providerID":"mock","modelID":"m"},"variant":"high","parts":[{"id":"\#(ids[1])","type":"text","text":"h\u00e9"},{"id":"\#(ids[2])","type":"file","mime":"text/plain","filename":"a.txt","url":"data:,x"}]}"#
        )
    }

    @Test func `a prompt whose parts are not stored does not count: it is looked for, sent again, then left to the user`() {
        let ids = identifiers(Self.prompt)
        for missing in [[], [ids[1]], [ids[2], "prt_other"]] {
            for isStoredLater in [false, true] {
                let answers = [stored([ids[0]] + missing)] + (isStoredLater ? [stored(ids)] : [])
                let (result, conversation) = perform(
                    Self.prompt,
                    [
                        ("POST /session/ses_1/prompt_async", [Self.accepted]), ("GET /session/ses_1/message/", answers),
                        ("GET /session/ses_1/message?", [.json("[]")]), ("GET /agent", [.json(#"[{"name":"plan"}]"#)]),
                    ])
                let isDone = if case .success(.done) = result { true } else { false }
                let isUncertain = if case .success(.uncertain) = result { true } else { false }
                #expect(isDone == isStoredLater && isUncertain != isStoredLater, "\(result)")
                #expect(conversation.asked.filter { $0.hasPrefix("POST") }.count == (isStoredLater ? 1 : 2))
            }
        }
    }

    @Test func `a prompt counts whose file OpenCode could not read: texts of its own stand in its place`() {
        let ids = identifiers(Self.prompt)
        let (result, conversation) = perform(
            Self.prompt,
            [
                ("POST /session/ses_1/prompt_async", [Self.accepted]),
                ("GET /session/ses_1/message/", [stored([ids[0], ids[1], "prt_read", "prt_failed"])]),
            ])
        #expect(result == .success(.done(result: Array(#"{"message":"\#(ids[0])"}"#.utf8))))
        #expect(conversation.waited == .zero)
    }

    @Test func `an agent that is not there is found out`() {
        let (result, _) = perform(
            Self.prompt,
            [
                ("POST /session/ses_1/prompt_async", [Self.accepted]), ("GET /session/ses_1/message/", [Self.noMessage]),
                ("GET /agent?directory=%2Fp%20q", [.json(#"[{"name":"build"}]"#)]),
            ])
        #expect(result == .success(.refused(code: "upstream_refused", detail: "OpenCode has no agent plan")))
    }

    @Test func `a prompt that never appears is sent twice, then left to the user`() {
        let (result, conversation) = perform(
            Self.prompt,
            [
                ("POST /session/ses_1/prompt_async", [Self.accepted]), ("GET /session/ses_1/message/", [Self.noMessage]),
                ("GET /session/ses_1/message?", [.json("[]")]), ("GET /agent", [.json(#"[{"name":"plan"}]"#)]),
            ])
        guard case .success(.uncertain) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(conversation.asked.filter { $0.hasPrefix("POST") }.count == 2)
    }

    @Test func `settling finds a prompt and does not send it again`() {
        let ids = identifiers(Self.prompt)
        let (result, conversation) = perform(Self.prompt, settling: true, [("GET /session/ses_1/message/", [stored(ids)])])
        #expect(result == .success(.done(result: Array(#"{"message":"\#(ids[0])"}"#.utf8))))
        #expect(conversation.asked.count == 1)
    }

    @Test func `settling sends what is absent, while nothing came later`() {
        let before = UpstreamAnswer.json(#"[{"info":{"id":"msg_0","role":"user","time":{"created":\#(now - 5)}},"parts":[]}]"#)
        let (result, conversation) = perform(
            Self.prompt, settling: true,
            [
                ("GET /session/ses_1/message/", [Self.noMessage, stored(identifiers(Self.prompt))]),
                ("GET /session/ses_1/message?", [before]),
                ("POST /session/ses_1/prompt_async", [Self.accepted]),
            ])
        guard case .success(.done) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(conversation.asked.contains { $0.hasPrefix("POST") })
    }

    @Test func `settling sends a message whose parts were never stored`() {
        let (_, conversation) = perform(
            Self.prompt, settling: true,
            [
                ("GET /session/ses_1/message/", [.json(#"{"info":{},"parts":[]}"#)]), ("GET /session/ses_1/message?", [.json("[]")]),
                ("POST /session/ses_1/prompt_async", [Self.accepted]),
            ])
        #expect(conversation.asked.contains { $0.hasPrefix("POST") })
    }

    @Test func `settling leaves to the user what a later prompt has overtaken`() {
        let later = UpstreamAnswer.json(#"[{"info":{"id":"msg_9","role":"user","time":{"created":\#(now + 5)}},"parts":[]}]"#)
        let (result, conversation) = perform(
            Self.prompt, settling: true, [("GET /session/ses_1/message/", [Self.noMessage]), ("GET /session/ses_1/message?", [later])])
        guard case .success(.uncertain) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(!conversation.asked.contains { $0.hasPrefix("POST") })
    }

    @Test func `how a prompt can fail`() {
        let refused = UpstreamAnswer.json(#"{"name":"BadRequest","data":{"message":"no","kind":"Payload"}}"#, status: 400)
        let route = "POST /session/ses_1/prompt_async"
        #expect(perform(Self.prompt, [(route, [refused])]).result == .success(.refused(code: "upstream_refused", detail: "no")))
        #expect(
            perform(Self.prompt, [(route, [Self.noSession])]).result
                == .success(.refused(code: "session_gone", detail: "OpenCode has no such session")))
        #expect(perform(Self.prompt, [(route, [.unreachable(mayHaveArrived: true)])]).result == .failure(.unreachable))
        #expect(perform(Self.prompt, [(route, [.json("", status: 401)])]).result == .failure(.unauthorized))
    }

    // Creating.

    @Test func `a session is created under the id that was chosen, then named`() {
        let command = UpstreamCommand.create(directory: "/p", title: "mine", agent: "build", model: nil)
        let id = identifiers(command)[0]
        let (result, conversation) = perform(
            command, [("POST /api/session", [.json(#"{"data":{"id":"\#(id)"}}"#)]), ("PATCH /session/\(id)", [.json("{}")])])
        #expect(result == .success(.done(result: Array(#"{"id":"\#(id)"}"#.utf8))))
        #expect(conversation.bodies == [#"{"id":"\#(id)","agent":"build","location":{"directory":"/p"}}"#, #"{"title":"mine"}"#])
    }

    @Test func `a server without that route creates one of its own`() {
        let page = UpstreamAnswer.answered(status: 200, isJSON: false, headers: [], body: Array("<!doctype html>".utf8))
        let (result, conversation) = perform(
            .create(directory: "/p", title: "mine", agent: nil, model: nil),
            [("POST /api/session", [page]), ("POST /session?directory=%2Fp", [.json(#"{"id":"ses_own"}"#)])])
        #expect(result == .success(.done(result: Array(#"{"id":"ses_own"}"#.utf8))))
        #expect(conversation.bodies.last == #"{"title":"mine"}"#)
    }

    // Stopping.

    @Test func `a stop rejects the ghosts of its session, once`() {
        let (result, conversation) = perform(
            .stop(session: "ses_1", directory: "/p"),
            [
                ("GET /session/status?directory=%2Fp", [.json(#"{"ses_1":{"type":"busy"}}"#)]),
                ("POST /session/ses_1/abort", [.json("true")]),
                (
                    "GET /permission",
                    [.json(#"[{"id":"per_0","sessionID":"ses_0"},{"id":"per_1","sessionID":"ses_1"},{"id":"per_2","sessionID":"ses_1"}]"#)]
                ),
                ("GET /question", [.json(#"[{"id":"que_1","sessionID":"ses_1"}]"#)]), ("POST /permission/per_1/reply", [.json("true")]),
                ("POST /question/que_1/reject", [.json("true")]),
            ])
        #expect(result == .success(.done(result: Array(#"{"stopped":true}"#.utf8))))
        #expect(
            conversation.asked.suffix(2) == ["POST /permission/per_1/reply?directory=%2Fp", "POST /question/que_1/reject?directory=%2Fp"])
    }

    @Test func `a stop of an idle session says so, and finds its directory`() {
        let (result, conversation) = perform(
            .stop(session: "ses_1", directory: nil),
            [
                ("GET /session/status", [.json("{}")]), ("GET /session/ses_1", [.json(#"{"id":"ses_1","directory":"/x"}"#)]),
                ("POST /session/ses_1/abort", [.json("true")]), ("GET /permission", [.json("[]")]), ("GET /question", [.json("[]")]),
            ])
        #expect(result == .success(.done(result: Array(#"{"stopped":false}"#.utf8))))
        #expect(conversation.asked[1] == "GET /session/status?directory=%2Fx")
    }

    // Replies.

    private func permission(_ reply: String, directory: String? = "/p") -> UpstreamCommand {
        .permission(session: "ses_1", directory: directory, id: "per_1", reply: reply, message: nil, prompts: [])
    }

    @Test func `an approval is given while the session runs, and refused when it does not`() {
        let running = perform(
            permission("once"),
            [("GET /session/status", [.json(#"{"ses_1":{"type":"busy"}}"#)]), ("POST /permission/per_1/reply", [.json("true")])])
        #expect(running.result == .success(.done(result: Array("{}".utf8))))
        #expect(running.conversation.bodies.last == #"{"reply":"once"}"#)
        let over = perform(permission("always"), [("GET /session/status", [.json("{}")])])
        #expect(over.result == .success(.notAsked))
        #expect(over.conversation.asked.count == 1)
    }

    @Test func `the second of two replies is told so`() {
        let late = UpstreamAnswer.json(#"{"_tag":"PermissionNotFoundError","requestID":"per_1","message":"x"}"#, status: 404)
        let (result, _) = perform(permission("reject"), [("POST /permission/per_1/reply?directory=%2Fp", [late])])
        #expect(result == .success(.notAsked))
    }

    @Test(arguments: [
        (#"{"q2":["b","c"],"q0":"a"}"#, #"{"answers":[["a"],[],["b","c"]]}"#),
        (#"{"q-5":"x"}"#, #"{"answers":[]}"#),
        (#"{"q9223372036854775807":"x","q0":"a"}"#, #"{"answers":[["a"]]}"#),
        (#"{"q64":"x","other":"y","q":"z"}"#, #"{"answers":[]}"#),
    ]) func `answers go in the order of their questions`(_ given: String, _ sent: String) {
        let answer = Array(given.utf8)
        let (result, conversation) = perform(
            .question(session: "ses_1", directory: "/p", id: "que_1", answer: answer, prompts: []),
            [("GET /session/status", [.json(#"{"ses_1":{"type":"busy"}}"#)]), ("POST /question/que_1/reply", [.json("true")])])
        #expect(result == .success(.done(result: Array("{}".utf8))))
        #expect(conversation.bodies.last == sent)
    }

    /// Twenty messages of an answer that came later, then what stands before them.
    private func settledBehindAnswer(_ second: String) -> (result: Result<CommandResult, UpstreamFailure>, asked: [String]) {
        let answer = (1...20).map {
            #"{"info":{"id":"msg_a\#($0)","role":"assistant","time":{"created":\#(now + 10 + Int64($0))}},"parts":[]}"#
        }
        let route = "GET /session/ses_1/message?limit=20"
        let (result, conversation) = perform(
            Self.prompt, settling: true,
            [
                ("GET /session/ses_1/message/", [Self.noMessage, stored(identifiers(Self.prompt))]),
                (route + "&before=a%3D", [.json("[\(second)]", headers: [("X-Next-Cursor", "a=")])]),
                (route, [.json("[\(answer.joined(separator: ","))]", headers: [("X-Next-Cursor", "a=")])]),
                ("POST /session/ses_1/prompt_async", [Self.accepted]),
            ])
        return (result, conversation.asked)
    }

    @Test func `settling finds a later prompt behind any number of messages`() {
        let (result, asked) = settledBehindAnswer(#"{"info":{"id":"msg_9","role":"user","time":{"created":\#(now + 5)}},"parts":[]}"#)
        guard case .success(.uncertain) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(!asked.contains { $0.hasPrefix("POST") })
    }

    @Test(arguments: [-5, nil] as [Int64?]) func `settling looks back no farther than the prompt itself, and not for ever`(_ before: Int64?)
    {
        let older = before.map { #"{"info":{"id":"msg_0","role":"user","time":{"created":\#(now + $0)}},"parts":[]}"# }
        let (result, asked) = settledBehindAnswer(older ?? "")
        guard case .success(.done) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(asked.count { $0.contains("/message?") } == 2)
        #expect(asked.count { $0.hasPrefix("POST") } == 1)
    }

    @Test func `settling does not take an answer of another shape for an empty session`() {
        let (result, conversation) = perform(
            Self.prompt, settling: true,
            [("GET /session/ses_1/message/", [Self.noMessage]), ("GET /session/ses_1/message?", [.json("{}")])])
        #expect(result == .failure(.unexpected(status: 200, detail: "a session's messages")))
        #expect(!conversation.asked.contains { $0.hasPrefix("POST") })
    }
}
