// A prompt, once. Agent and model are the session's in 2.x, so they are switched first, where they differ. The prompt's id is ours: what is
// answered 200 is durable, but stands in the inbox until a run takes it up, and an OpenCode that dies before that works on it no more. So it
// counts when it is a message. After a lost answer it is looked up: among the messages it is confirmed (sent again it would wake prompts that
// somebody parked); in the inbox of an idle session it is sent again under its id, which starts it; absent it is sent again.

import RelayProtocol
import Wire

struct OpenCode2Prompting: UpstreamExchange {
    private enum Step { case begin, lookingInInbox, lookingUp, comparing, switching, sending, confirming }
    /// Pauses between looks after a 200 (ms). Then it is left to an OpenCode that lives and has it: of an unknown agent it stays in the inbox.
    static let pauses = [20, 40, 80, 160, 300, 600, 1000, 1000]

    let session: String
    let identifier: String
    let parts: [UInt8]
    let agent: String?
    let model: ModelChoice?
    private let isSettling: Bool
    private var step = Step.begin
    private var switches: [UpstreamRequest] = []
    /// What waits in the inbox, while a lost answer is settled.
    private var waiting: [String] = []
    private var hasConflict = false
    private var looks = 0

    init(session: String, identifier: String, parts: [UInt8], agent: String?, model: ModelChoice?, settling: Bool) {
        self.session = session
        self.identifier = identifier
        self.parts = parts
        self.agent = agent
        self.model = model
        isSettling = settling
    }

    private var confirmed: ExchangeStep<CommandResult> {
        .done(.done(result: JSONWriter.object { $0.member("message", identifier) }))
    }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let answer = answers.first else { return step == .confirming ? look() : isSettling ? lookInInbox() : compare() }
        if answers.contains(where: OpenCode2Answer.isSessionGone) { return .done(.sessionGone) }
        switch step {
        case .begin, .lookingInInbox: return foundInInbox(answer)
        case .lookingUp: return lookedUp(answers)
        case .comparing: return compared(answer)
        case .switching: return switched(answer)
        case .sending: return sent(answer)
        case .confirming: return lookedAgain(answer)
        }
    }

    private var message: UpstreamRequest {
        UpstreamRequest("GET", OpenCode2Target.session(session, "/message/\(PercentEncoding.encode(identifier))"))
    }

    // Looking. The inbox first: what is delivered in between is among the messages then.

    private mutating func lookInInbox() -> ExchangeStep<CommandResult> {
        step = .lookingInInbox
        return .send([UpstreamRequest("GET", OpenCode2Target.session(session, "/inbox"))])
    }

    private mutating func foundInInbox(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode2Answer.data(answer, of: "an inbox", kind: .array) {
        case .failure(let failure): return .failed(failure)
        case .success(let list):
            waiting = list.items.compactMap { $0["id"]?.string }
            step = .lookingUp
            return .send([message, UpstreamRequest("GET", OpenCode2Target.active)])
        }
    }

    private mutating func lookedUp(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let found = answers.first, let running = answers.dropFirst().first else { return .failed(.unreachable) }
        if OpenCode2Answer.status(found) == 200 { return confirmed }
        guard OpenCode2Answer.status(found) == 404 else { return .failed(OpenCode2Answer.failure(found, of: "a prompt's message")) }
        if hasConflict, !waiting.contains(identifier) {
            return .done(.refused(code: "upstream_refused", detail: "the prompt's id is in use elsewhere"))
        }
        switch OpenCode2Answer.data(running, of: "the sessions that run", kind: .object) {
        case .failure(let failure): return .failed(failure)
        case .success(let active): return resend(isActive: active.member(named: session) != nil)
        }
    }

    private mutating func resend(isActive: Bool) -> ExchangeStep<CommandResult> {
        guard waiting.contains(identifier) else { return compare() }
        if isActive || hasConflict { return confirmed }
        guard waiting.count == 1 else {
            return .done(
                .uncertain(detail: "the prompt waits in OpenCode's inbox beside others, and sending it again would start them all"))
        }
        return send()
    }

    // Switching.

    private mutating func compare() -> ExchangeStep<CommandResult> {
        guard agent != nil || model != nil else { return send() }
        step = .comparing
        return .send([UpstreamRequest("GET", OpenCode2Target.session(session))])
    }

    private mutating func compared(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode2Answer.data(answer, of: "a session") {
        case .failure(let failure): return .failed(failure)
        case .success(let row):
            if let agent, row["agent"]?.string != agent {
                switches.append(.json("POST", OpenCode2Target.session(session, "/agent"), JSONWriter.object { $0.member("agent", agent) }))
            }
            if let model, !model.isSame(as: row["model"]) {
                let body = JSONWriter.object { writer in
                    writer.key("model")
                    model.write(to: &writer)
                }
                switches.append(.json("POST", OpenCode2Target.session(session, "/model"), body))
            }
            return nextSwitch()
        }
    }

    /// One after the other: they are rows of the session, in this order.
    private mutating func nextSwitch() -> ExchangeStep<CommandResult> {
        guard !switches.isEmpty else { return send() }
        step = .switching
        return .send([switches.removeFirst()])
    }

    private mutating func switched(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode2Answer.status(answer) {
        case .some(200...299): return nextSwitch()
        case 400, 404, 409: return .done(.refused(code: "upstream_refused", detail: OpenCode2Answer.sentence(answer)))
        default: return .failed(OpenCode2Answer.failure(answer, of: "switching agent or model"))
        }
    }

    // Sending.

    private mutating func send() -> ExchangeStep<CommandResult> {
        step = .sending
        return .send([.json("POST", OpenCode2Target.session(session, "/prompt"), body)])
    }

    private mutating func sent(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode2Answer.status(answer) {
        case .some(200...299): return look()
        case 409 where !hasConflict:
            hasConflict = true
            return lookInInbox()
        case 400, 404, 409, 413, 422: return .done(.refused(code: "upstream_refused", detail: OpenCode2Answer.sentence(answer)))
        default: return .failed(OpenCode2Answer.failure(answer, of: "a prompt"))
        }
    }

    // Until a run has taken it up.

    private mutating func look() -> ExchangeStep<CommandResult> {
        step = .confirming
        return .send([message])
    }

    private mutating func lookedAgain(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        guard let status = OpenCode2Answer.status(answer) else {
            return .failed(OpenCode2Answer.failure(answer, of: "a prompt's message"))
        }
        // It was accepted, whatever else cannot be answered.
        if (200...299).contains(status) || looks == Self.pauses.count { return confirmed }
        looks += 1
        return .wait(.milliseconds(Self.pauses[looks - 1]))
    }

    private var body: [UInt8] {
        let items = (try? JSON.parse(parts))?.items ?? []
        let texts = items.compactMap { $0["type"]?.says("text") == true ? $0["text"]?.rawText : nil }
        let files = items.filter { $0["type"]?.says("file") == true }
        return JSONWriter.object { writer in
            writer.member("id", identifier)
            writer.member("text", rawText: texts.dropFirst().reduce(into: Array(texts.first ?? [])) { $0 += Array("\\n".utf8) + $1 })
            guard !files.isEmpty else { return }
            writer.key("files")
            writer.raw(
                OpenCode2Words.array(files) { writer, file in
                    writer.member("uri", file["url"])
                    writer.member("name", file["name"])
                })
        }
    }
}

extension ModelChoice {
    fileprivate func isSame(as model: JSONValue?) -> Bool {
        model?["providerID"]?.string == provider && model?["id"]?.string == id && (variant == nil || model?["variant"]?.string == variant)
    }
}
