import OpenCode
import RelayProtocol
import Testing
import Wire

@Suite struct ActingTests2 {
    private let adapter = OpenCode2()
    private static let item = UpstreamAnswer.json(#"{"data":{"id":"x"}}"#)
    private static let noContent = UpstreamAnswer.answered(status: 204, isJSON: false, headers: [], body: [])
    private static func error(_ status: Int, _ tag: String) -> UpstreamAnswer {
        .json(#"{"_tag":"\#(tag)","message":"so it is"}"#, status: status)
    }
    private static let parts = Array(
        #"[{"type":"text","text":"h\u00e9"},{"type":"file","mime":"text/plain","name":"a.txt","url":"data:,x"}]"#.utf8)
    private static let prompt = UpstreamCommand.prompt(session: "ses_1", directory: "/p", parts: parts, agent: nil, model: nil)

    private func identifiers(_ command: UpstreamCommand) -> [String] {
        var random: any RandomNumberGenerator = Counting()
        return adapter.identifiers(for: command, now: 1_795_346_672_332, random: &random)
    }

    private func perform(
        _ command: UpstreamCommand, settling: Bool = false, checkpoint: [UInt8]? = nil,
        _ table: [(request: String, answers: [UpstreamAnswer])]
    ) -> (result: Result<CommandResult, UpstreamFailure>, conversation: Conversation<CommandResult>) {
        var conversation = Conversation<CommandResult>(table)
        let exchange = adapter.perform(command, identifiers: identifiers(command), checkpoint: checkpoint, settling: settling)
        return (conversation.run(exchange), conversation)
    }

    private func done(_ json: String = "{}") -> Result<CommandResult, UpstreamFailure> { .success(.done(result: Array(json.utf8))) }

    private func code(_ result: Result<CommandResult, UpstreamFailure>) -> String? {
        guard case .success(.refused(let code, _)) = result else { return nil }
        return code
    }

    @Test func `ids have OpenCode's own shape`() {
        let id = identifiers(Self.prompt)[0]
        #expect(id.hasPrefix("msg_203002acc001") && id.utf8.count == 4 + 12 + 14)
        let session = identifiers(.create(directory: "/p", title: nil, agent: nil, model: nil))[0]
        #expect(session.hasPrefix("ses_dfcffd533ffe") && session.utf8.count == 4 + 12 + 14)
        #expect(identifiers(.stop(session: "ses_1", directory: nil)) == [])
    }

    // Creating.

    @Test func `a session is made under our id`() {
        let command = UpstreamCommand.create(directory: "/p", title: "t", agent: "plan", model: ModelChoice(provider: "p", id: "m"))
        let id = identifiers(command)[0]
        let (result, conversation) = perform(command, [("POST /api/session", [.json(#"{"data":{"id":"\#(id)"}}"#)])])
        #expect(result == done(#"{"id":"\#(id)"}"#))
        #expect(
            conversation.bodies
                == [#"{"id":"\#(id)","title":"t","agent":"plan","model":{"id":"m","providerID":"p"},"location":{"directory":"/p"}}"#])
    }

    @Test func `a directory that is missing is refused`() {
        let command = UpstreamCommand.create(directory: "/nope", title: nil, agent: nil, model: nil)
        #expect(code(perform(command, [("POST /api/session", [Self.error(404, "LocationNotFoundError")])]).result) == "upstream_refused")
    }

    // Prompts.

    private static let delivered: (request: String, answers: [UpstreamAnswer]) = (
        "GET /api/session/ses_1/message/", [.json(#"{"data":{}}"#)]
    )

    @Test func `a prompt is one call, and counts when it is a message`() {
        let (result, conversation) = perform(Self.prompt, [("POST /api/session/ses_1/prompt", [Self.item]), Self.delivered])
        let id = identifiers(Self.prompt)[0]
        #expect(result == done(#"{"message":"\#(id)"}"#))
        #expect(conversation.bodies[0] == #"{"id":"\#(id)","text":"h\u00e9","files":[{"uri":"data:,x","name":"a.txt"}]}"#)
        #expect(conversation.asked == ["POST /api/session/ses_1/prompt", "GET /api/session/ses_1/message/\(id)"])
        #expect(conversation.waited == .zero)
    }

    @Test func `a prompt that waits in the inbox is looked for, and left to an OpenCode that lives`() {
        let looks = "GET /api/session/ses_1/message/"
        let soon = perform(Self.prompt, [("POST", [Self.item]), (looks, [Self.missing, Self.missing, .json(#"{"data":{}}"#)])])
        #expect(soon.result == done(#"{"message":"\#(identifiers(Self.prompt)[0])"}"#))
        #expect(soon.conversation.waited == .milliseconds(60))
        let never = perform(Self.prompt, [("POST", [Self.item]), (looks, [Self.missing])])
        #expect(never.result == done(#"{"message":"\#(identifiers(Self.prompt)[0])"}"#))
        #expect(never.conversation.asked.count { $0.hasPrefix("POST") } == 1)
        let broken = perform(Self.prompt, [("POST", [Self.item]), (looks, [Self.error(500, "UnknownError"), .json(#"{"data":{}}"#)])])
        #expect(broken.result == done(#"{"message":"\#(identifiers(Self.prompt)[0])"}"#))
    }

    @Test func `a prompt whose OpenCode dies before a run took it up is settled`() {
        let (result, conversation) = perform(Self.prompt, [("POST", [Self.item]), ("GET /api/session/ses_1/message/", [Self.gone])])
        #expect(result == .failure(.unreachable))
        #expect(conversation.asked.count == 2)
    }

    private static let gone = UpstreamAnswer.unreachable(mayHaveArrived: false)

    @Test func `agent and model are switched first, where they differ`() {
        let command = UpstreamCommand.prompt(
            session: "ses_1", directory: nil, parts: Self.parts, agent: "plan", model: ModelChoice(provider: "p", id: "m", variant: "high"))
        let row = UpstreamAnswer.json(#"{"data":{"id":"ses_1","agent":"build","model":{"id":"m","providerID":"p","variant":"default"}}}"#)
        let (_, conversation) = perform(
            command,
            [
                ("GET /api/session/ses_1", [row]), ("POST /api/session/ses_1/agent", [Self.noContent]),
                ("POST /api/session/ses_1/model", [Self.noContent]),
                ("POST /api/session/ses_1/prompt", [Self.item]), Self.delivered,
            ])
        #expect(
            conversation.asked.dropLast() == [
                "GET /api/session/ses_1", "POST /api/session/ses_1/agent", "POST /api/session/ses_1/model",
                "POST /api/session/ses_1/prompt",
            ])
        #expect(conversation.bodies[1] == #"{"agent":"plan"}"#)
        #expect(conversation.bodies[2] == #"{"model":{"id":"m","providerID":"p","variant":"high"}}"#)
    }

    @Test func `agent and model that are the session's already are left alone`() {
        let command = UpstreamCommand.prompt(session: "ses_1", directory: nil, parts: Self.parts, agent: "plan", model: nil)
        let row = UpstreamAnswer.json(#"{"data":{"id":"ses_1","agent":"plan"}}"#)
        let (_, conversation) = perform(
            command, [("GET /api/session/ses_1", [row]), ("POST /api/session/ses_1/prompt", [Self.item]), Self.delivered])
        #expect(conversation.asked.dropLast() == ["GET /api/session/ses_1", "POST /api/session/ses_1/prompt"])
    }

    @Test func `a lost session is said by its tag`() {
        #expect(code(perform(Self.prompt, [("POST", [Self.error(404, "SessionNotFoundError")])]).result) == "session_gone")
        #expect(code(perform(Self.prompt, [("POST", [Self.error(404, "LocationNotFoundError")])]).result) == "upstream_refused")
    }

    private func settled(inbox: String, message: UpstreamAnswer, active: String) -> (Result<CommandResult, UpstreamFailure>, sends: Int) {
        let (result, conversation) = perform(
            Self.prompt, settling: true,
            [
                ("GET /api/session/ses_1/inbox", [.json(#"{"data":[\#(inbox)]}"#)]), ("GET /api/session/ses_1/message/", [message]),
                ("GET /api/session/active", [.json(#"{"data":{\#(active)}}"#)]), ("POST /api/session/ses_1/prompt", [Self.item]),
            ])
        return (result, conversation.asked.count { $0.hasPrefix("POST") })
    }
    private static let missing = error(404, "MessageNotFoundError")

    @Test func `a lost answer: among the messages it is confirmed`() {
        let (result, sends) = settled(inbox: "", message: .json(#"{"data":{}}"#), active: "")
        #expect(result == done(#"{"message":"\#(identifiers(Self.prompt)[0])"}"#) && sends == 0)
    }

    @Test func `a lost answer: in the inbox of an idle session it is sent again`() {
        let mine = #"{"id":"\#(identifiers(Self.prompt)[0])"}"#
        #expect(settled(inbox: mine, message: Self.missing, active: "").sends == 1)
        #expect(settled(inbox: mine, message: Self.missing, active: #""ses_1":{}"#).sends == 0)
        let (result, sends) = settled(inbox: mine + #",{"id":"msg_other"}"#, message: Self.missing, active: "")
        guard case .success(.uncertain) = result else { return #expect(Bool(false), "\(result)") }
        #expect(sends == 0)
    }

    @Test func `a lost answer: absent it is sent again`() {
        #expect(settled(inbox: #"{"id":"msg_other"}"#, message: Self.missing, active: "").sends == 1)
    }

    @Test func `an id that is in use elsewhere is refused`() {
        let (result, _) = perform(
            Self.prompt,
            [
                ("POST", [Self.error(409, "ConflictError")]), ("GET /api/session/ses_1/inbox", [.json(#"{"data":[]}"#)]),
                ("GET /api/session/ses_1/message/", [Self.missing]), ("GET /api/session/active", [.json(#"{"data":{}}"#)]),
            ])
        #expect(code(result) == "upstream_refused")
    }

    // Stopping.

    @Test func `a stop says whether something ran`() {
        let stop = UpstreamCommand.stop(session: "ses_1", directory: nil)
        #expect(
            perform(stop, [("POST /api/session/ses_1/interrupt", [.json(#"{"interrupted":true}"#)])]).result == done(#"{"stopped":true}"#))
        #expect(
            perform(stop, [("POST /api/session/ses_1/interrupt", [.json(#"{"interrupted":false}"#)])]).result == done(#"{"stopped":false}"#)
        )
    }

    // Replies.

    private func permission(_ reply: String, _ message: String? = nil, prompts: [String] = ["msg_1"]) -> UpstreamCommand {
        .permission(session: "ses_1", directory: nil, id: "per_1", reply: reply, message: message, prompts: prompts)
    }
    private static let replyTo = "POST /api/session/ses_1/permission/per_1/reply"

    @Test func `a permission is decided`() {
        let (result, conversation) = perform(permission("once"), [(Self.replyTo, [Self.noContent])])
        #expect(result == done())
        #expect(conversation.bodies == [#"{"decision":"once"}"#])
    }

    @Test func `an older server is told in its word`() {
        let (result, conversation) = perform(
            permission("always"), [(Self.replyTo, [Self.error(400, "InvalidRequestError"), Self.noContent])])
        #expect(result == done())
        #expect(conversation.bodies == [#"{"decision":"always"}"#, #"{"reply":"always"}"#])
    }

    @Test func `a late reply is told so`() {
        #expect(perform(permission("once"), [(Self.replyTo, [Self.error(404, "PermissionNotFoundError")])]).result == .success(.notAsked))
        let question = UpstreamCommand.question(
            session: "ses_1", directory: nil, id: "frm_1", answer: Array(#"{"q0":"a"}"#.utf8), prompts: [])
        let (result, conversation) = perform(
            question, [("POST /api/session/ses_1/form/frm_1/reply", [Self.error(409, "FormAlreadySettledError")])])
        #expect(result == .success(.notAsked))
        #expect(conversation.bodies == [#"{"answer":{"q0":"a"}}"#])
    }

    // A no, and what settles it.

    private func table(active: [String], inbox: String = "", rows: String) -> [(request: String, answers: [UpstreamAnswer])] {
        [
            (Self.replyTo, [Self.noContent]), ("DELETE /api/session/ses_1/form/frm_1", [Self.noContent]),
            ("GET /api/session/active", active.map { .json(#"{"data":{\#($0)}}"#) }),
            ("GET /api/session/ses_1/inbox", [.json(#"{"data":[\#(inbox)]}"#)]),
            ("GET /api/session/ses_1/message?limit=50", [.json(#"{"data":[\#(rows)]}"#)]),
            ("POST /api/session/ses_1/prompt", [Self.item]),
        ]
    }
    private static let declined = #"{"id":"msg_2","type":"assistant"},{"id":"msg_1","type":"user"}"#

    @Test func `a declined turn is settled by its prompt's id`() {
        let (result, conversation) = perform(permission("reject"), table(active: [#""ses_1":{}"#, ""], rows: Self.declined))
        #expect(result == done())
        #expect(conversation.waited > .zero)
        #expect(conversation.bodies.last == #"{"id":"msg_1","text":""}"#)
    }

    @Test func `a cancelled form is settled too`() {
        let question = UpstreamCommand.question(session: "ses_1", directory: nil, id: "frm_1", answer: nil, prompts: ["msg_1"])
        #expect(perform(question, table(active: [""], rows: Self.declined)).conversation.asked.last == "POST /api/session/ses_1/prompt")
    }

    @Test func `nothing is sent where it would do more than settle`() {
        for table in [
            table(active: [""], inbox: #"{"id":"msg_9"}"#, rows: Self.declined),
            table(active: [""], rows: #"{"id":"msg_3","type":"idle"},"# + Self.declined),
            table(active: [""], rows: #"{"id":"msg_5","type":"user"},"# + Self.declined),
            table(active: [#""ses_1":{}"#], rows: Self.declined),
        ] {
            let (result, conversation) = perform(permission("reject"), table)
            #expect(result == done())
            #expect(!conversation.asked.contains("POST /api/session/ses_1/prompt"))
        }
    }

    @Test func `a no with a message leaves the turn going on`() {
        let (_, conversation) = perform(permission("reject", "not so"), table(active: [""], rows: Self.declined))
        #expect(conversation.asked == [Self.replyTo])
        #expect(conversation.bodies == [#"{"decision":"reject","message":"not so"}"#])
    }

    @Test func `the second step has its checkpoint, and begins with it after a crash`() {
        var exchange = adapter.perform(permission("reject"), identifiers: [], checkpoint: nil, settling: false)
        guard case .send = exchange.next([]), case .checkpoint(let checkpoint) = exchange.next([Self.noContent]) else {
            return #expect(Bool(false), "there is no checkpoint behind the reply")
        }
        let (result, conversation) = perform(
            permission("reject"), settling: true, checkpoint: checkpoint, table(active: [""], rows: Self.declined))
        #expect(result == done())
        #expect(!conversation.asked.contains(Self.replyTo))
        #expect(conversation.asked.last == "POST /api/session/ses_1/prompt")
    }

    @Test func `after a lost answer it is looked up whether it is still asked`() {
        let get = "GET /api/session/ses_1/permission/per_1"
        #expect(
            perform(permission("once"), settling: true, [(get, [.json(#"{"data":{}}"#)]), (Self.replyTo, [Self.noContent])]).result
                == done())
        let gone = Self.error(404, "PermissionNotFoundError")
        #expect(perform(permission("once"), settling: true, [(get, [gone])]).result == .success(.notAsked))
        let (result, conversation) = perform(
            permission("reject"), settling: true, [(get, [gone])] + table(active: [""], rows: Self.declined))
        #expect(result == done())
        #expect(conversation.asked.last == "POST /api/session/ses_1/prompt")
    }

    @Test func `a form that was answered with the same words is ours`() {
        let question = UpstreamCommand.question(
            session: "ses_1", directory: nil, id: "frm_1", answer: Array(#"{"q0":"a"}"#.utf8), prompts: [])
        func settled(_ state: String) -> Result<CommandResult, UpstreamFailure> {
            perform(
                question, settling: true, [("GET /api/session/ses_1/form/frm_1", [.json(#"{"data":{"id":"frm_1","state":\#(state)}}"#)])]
            ).result
        }
        #expect(settled(#"{"status":"answered","answer":{"q0" : "a"}}"#) == done())
        #expect(code(settled(#"{"status":"answered","answer":{"q0":"b"}}"#)) == "already_answered")
        #expect(code(settled(#"{"status":"cancelled"}"#)) == "already_answered")
    }

    /// Fifty rows of steps, then the prompt.
    private func longTable(_ second: String, _ settled: UpstreamAnswer = item) -> [(request: String, answers: [UpstreamAnswer])] {
        let steps = (2...51).reversed().map { #"{"id":"msg_\#($0)","type":"assistant"}"# }.joined(separator: ",")
        let route = "GET /api/session/ses_1/message?limit=50"
        return [
            (Self.replyTo, [Self.noContent]), ("GET /api/session/active", [.json(#"{"data":{}}"#)]),
            ("GET /api/session/ses_1/inbox", [.json(#"{"data":[]}"#)]),
            (route + "&cursor=a%3D", [.json(#"{"data":[\#(second)],"cursor":{"next":"a="}}"#)]),
            (route, [.json(#"{"data":[\#(steps)],"cursor":{"next":"a="}}"#)]), ("POST /api/session/ses_1/prompt", [settled]),
        ]
    }

    @Test func `a declined turn is settled however many rows it has`() {
        let (result, conversation) = perform(permission("reject"), longTable(#"{"id":"msg_1","type":"user"}"#))
        #expect(result == done())
        #expect(conversation.bodies.last == #"{"id":"msg_1","text":""}"#)
    }

    @Test(arguments: [
        "", #"{"id":"msg_0","type":"assistant"}"#, #"{"id":"msg_0","type":"idle"},{"id":"msg_1","type":"user"}"#,
        #"{"id":"msg_0","type":"user"},{"id":"msg_1","type":"user"}"#,
    ]) func `the way back to a declined turn's prompt ends`(_ second: String) {
        let (result, conversation) = perform(permission("reject"), longTable(second))
        #expect(result == done())
        #expect(conversation.asked.count { $0.contains("/message?") } == 2)
        #expect(!conversation.asked.contains("POST /api/session/ses_1/prompt"))
    }

    @Test(arguments: [400, 409, 500, 503]) func `a declined turn that was not settled is not said to be`(_ status: Int) {
        let table = longTable(#"{"id":"msg_1","type":"user"}"#, Self.error(status, "SomeError"))
        #expect(
            perform(permission("reject"), table).result == .failure(.unexpected(status: status, detail: "settling a declined turn")))
    }

    @Test(arguments: ["/inbox", "/active", "/message?limit=50"]) func `nothing is settled on an answer of another shape`(_ part: String) {
        var table = table(active: [""], rows: Self.declined)
        for place in table.indices where table[place].request.hasSuffix(part) { table[place].answers = [.json(#"{"data":null}"#)] }
        let (result, conversation) = perform(permission("reject"), table)
        guard case .failure(.unexpected(200, _)) = result else { return #expect(Bool(false), "\(result)") }
        #expect(!conversation.asked.contains("POST /api/session/ses_1/prompt"))
    }

    @Test func `a lost answer: an inbox of another shape is not an empty one`() {
        let (result, conversation) = perform(
            Self.prompt, settling: true,
            [
                ("GET /api/session/ses_1/inbox", [.json("{}")]), ("GET /api/session/ses_1/message/", [Self.missing]),
                ("GET /api/session/active", [.json(#"{"data":{}}"#)]), ("POST", [Self.item]),
            ])
        #expect(result == .failure(.unexpected(status: 200, detail: "an inbox")))
        #expect(!conversation.asked.contains { $0.hasPrefix("POST") })
    }
}
