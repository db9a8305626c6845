// A prompt, once. `POST prompt_async` answers 204 before anything is stored, so it counts only when its message can be read. The ids are
// ours: the same ids sent again are an upsert that is answered once, as long as no later user message exists; when one does, the old prompt
// would be answered again, so then it is left to the user.

import RelayProtocol
import Wire

struct OpenCode1Prompting: UpstreamExchange {
    private enum Step { case begin, lookingUp, lookingLater, sending, confirming, checkingAgent }
    /// Pauses between looks after a 204 (ms): 15 s in all; the first use of a directory takes seconds.
    static let pauses = [20, 40, 80, 160, 300, 600, 1000, 1000, 2000, 2000, 4000, 4000]

    let session: String
    let directory: String?
    let identifiers: [String]
    let parts: [UInt8]
    let agent: String?
    let model: ModelChoice?
    private var step: Step
    private var looks = 0
    private var sends = 0
    private var isAgentKnown = false
    /// Of the page that was asked for last while looking for later messages; nil for the newest.
    private var cursor: String?

    init(session: String, directory: String?, identifiers: [String], parts: [UInt8], agent: String?, model: ModelChoice?, settling: Bool) {
        self.session = session
        self.directory = directory
        self.identifiers = identifiers
        self.parts = parts
        self.agent = agent
        self.model = model
        step = settling ? .lookingUp : .begin
        isAgentKnown = agent == nil
    }

    private var sentParts: [JSONValue] { (try? JSON.parse(parts))?.items ?? [] }
    private var message: String { identifiers.first ?? "" }
    private var done: ExchangeStep<CommandResult> { .done(.done(result: JSONWriter.object { $0.member("message", message) })) }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let answer = answers.first else { return step == .begin ? send() : look() }
        if OpenCode1Answer.isSessionGone(answer) { return .done(.sessionGone) }
        switch step {
        case .begin, .sending: return sent(answer)
        case .lookingUp: return lookedUp(answer)
        case .lookingLater: return lookedLater(answer)
        case .confirming: return confirmed(answer)
        case .checkingAgent: return agents(answer)
        }
    }

    // Sending.

    private mutating func send() -> ExchangeStep<CommandResult> {
        step = .sending
        sends += 1
        looks = 0
        return .send([.json("POST", OpenCode1Target.session(session, "/prompt_async"), body())])
    }

    private mutating func sent(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        guard case .answered(let status, _, _, _) = answer else { return .failed(.unreachable) }
        switch status {
        case 200...299:
            step = .confirming
            return look()
        case 401: return .failed(.unauthorized)
        case 400, 404, 409, 413, 422: return .done(.refused(code: "upstream_refused", detail: OpenCode1Answer.sentence(answer)))
        default: return .failed(.unexpected(status: status, detail: "a prompt"))
        }
    }

    private func look() -> ExchangeStep<CommandResult> {
        .send([UpstreamRequest("GET", OpenCode1Target.session(session, "/message/\(PercentEncoding.encode(message))"))])
    }

    private mutating func confirmed(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode1Answer.body(answer, of: "a prompt's message") {
        case .success(let found) where hasParts(found): return done
        case .success, .failure(.unexpected(404, _)): return lookAgain()
        case .failure(let failure): return .failed(failure)
        }
    }

    private mutating func lookAgain() -> ExchangeStep<CommandResult> {
        if looks == 8, !isAgentKnown, let directory {
            step = .checkingAgent
            return .send([UpstreamRequest("GET", OpenCode1Target.instance("/agent", directory: directory))])
        }
        guard looks < Self.pauses.count else { return sends < 2 ? later() : unsure }
        looks += 1
        return .wait(.milliseconds(Self.pauses[looks - 1]))
    }

    /// An unknown agent is accepted and never stored.
    private mutating func agents(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        isAgentKnown = true
        step = .confirming
        if case .success(let list) = OpenCode1Answer.body(answer, of: "agents", kind: .array),
            !list.items.contains(where: { $0["name"]?.string == agent })
        {
            return .done(.refused(code: "upstream_refused", detail: "OpenCode has no agent \(agent ?? "")"))
        }
        return look()
    }

    private var unsure: ExchangeStep<CommandResult> {
        .done(.uncertain(detail: "OpenCode took the prompt, but it did not appear in the session"))
    }

    // Settling: look first.

    private mutating func lookedUp(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode1Answer.body(answer, of: "a prompt's message") {
        case .success(let found): return hasParts(found) ? done : later()
        case .failure(.unexpected(404, _)): return later()
        case .failure(let failure): return .failed(failure)
        }
    }

    /// The message is stored a moment before its parts: without them it is no prompt yet, and may stay so if OpenCode dies between. In place
    /// of a file that it cannot read OpenCode stores texts of its own, so of files only the number counts.
    private func hasParts(_ found: JSONValue) -> Bool {
        let stored = (found["parts"]?.items ?? []).compactMap { $0["id"]?.string }
        guard stored.count >= identifiers.count - 1 else { return false }
        return zip(identifiers.dropFirst(), sentParts).allSatisfy { id, part in part["type"]?.says("text") != true || stored.contains(id) }
    }

    private mutating func later(before older: String? = nil) -> ExchangeStep<CommandResult> {
        step = .lookingLater
        cursor = older
        let rest = older.map { "&before=\(PercentEncoding.encode($0))" } ?? ""
        return .send([UpstreamRequest("GET", OpenCode1Target.session(session, "/message?limit=20\(rest)"))])
    }

    /// A later answer may be of any number of messages: page by page, back to what is older than the prompt.
    private mutating func lookedLater(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode1Answer.body(answer, of: "a session's messages", kind: .array) {
        case .failure(let failure): return .failed(failure)
        case .success(let list):
            let others = list.items.compactMap { $0["info"] }.filter { $0["id"]?.string != message }
            let later = others.filter { OpenCode1Identifier.isLater($0["time"]?["created"]?.int ?? 0, than: message) }
            if later.contains(where: { $0["role"]?.says("user") == true }) {
                return .done(.uncertain(detail: "the prompt is not in the session, and a later one is"))
            }
            let older = OpenCode1Answer.header("x-next-cursor", answer)
            guard !list.items.isEmpty, later.count == list.items.count, let older, older != cursor else { return send() }
            return self.later(before: older)
        }
    }

    // The body.

    private func body() -> [UInt8] {
        JSONWriter.object { writer in
            writer.member("messageID", message)
            writer.member("agent", agent)
            if let model {
                writer.key("model")
                writer.object { writer in
                    writer.member("providerID", model.provider)
                    writer.member("modelID", model.id)
                }
                writer.member("variant", model.variant)
            }
            writer.key("parts")
            writer.array { writer in
                for (index, part) in sentParts.enumerated() { write(part, index, &writer) }
            }
        }
    }

    private func write(_ part: JSONValue, _ index: Int, _ writer: inout JSONWriter) {
        let isFile = part["type"]?.says("file") == true
        writer.object { writer in
            if index + 1 < identifiers.count { writer.member("id", identifiers[index + 1]) }
            part.forEachMember { key, value in
                if key.says("id") { return }
                if isFile, key.says("name") { writer.key("filename") } else { writer.key(named: key.string ?? "") }
                writer.raw(value.raw)
            }
        }
    }
}
