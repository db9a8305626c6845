// Replies to permissions and questions. A reply names its request, so it needs no look first; after a lost answer it looks.
//
// A plain no ends the turn in a way that 2.x does not store, and the next start of the managed service goes on with what was declined. So a
// no has a second step (`OpenCode2Declining`), with a checkpoint before it.

import RelayProtocol
import Wire

struct OpenCode2Replying: UpstreamExchange {
    enum Card: Equatable {
        case permission(String, reply: String, message: String?)
        /// `answer` is a JSON object; nil rejects.
        case question(String, answer: [UInt8]?)
    }
    private enum Step { case begin, lookingUp, replying, replyingAsBefore, checkpoint, declining }

    let session: String
    let card: Card
    private let prompts: [String]
    private let isSettling: Bool
    private var step = Step.begin
    private var declining: OpenCode2Declining
    private var result = CommandResult.empty

    init(session: String, card: Card, prompts: [String], checkpoint: [UInt8]?, settling: Bool) {
        self.session = session
        self.card = card
        self.prompts = prompts
        isSettling = settling
        declining = OpenCode2Declining(session: session, prompts: prompts)
        if checkpoint != nil { step = .checkpoint }
    }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        if step == .checkpoint { step = .declining }
        if step == .declining { return decline(answers) }
        guard let answer = answers.first else { return isSettling ? lookUp() : reply() }
        if OpenCode2Answer.isSessionGone(answer) { return .done(.sessionGone) }
        return step == .lookingUp ? lookedUp(answer) : replied(answer)
    }

    /// A plain no: with a message the turn goes on.
    private var declines: Bool {
        switch card {
        case .permission(_, let reply, let message): reply == "reject" && message == nil
        case .question(_, let answer): answer == nil
        }
    }

    private func target(_ rest: String = "") -> String {
        switch card {
        case .permission(let id, _, _): OpenCode2Target.session(session, "/permission/\(PercentEncoding.encode(id))\(rest)")
        case .question(let id, _): OpenCode2Target.session(session, "/form/\(PercentEncoding.encode(id))\(rest)")
        }
    }

    // Looking.

    private mutating func lookUp() -> ExchangeStep<CommandResult> {
        step = .lookingUp
        return .send([UpstreamRequest("GET", target())])
    }

    private mutating func lookedUp(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode2Answer.data(answer, of: "a request") {
        case .failure(.unexpected(404, _)): return gone()
        case .failure(let failure): return .failed(failure)
        case .success(let request):
            guard case .question(_, let given) = card, let state = request["state"], state["status"]?.says("pending") != true else {
                return reply()
            }
            guard let given else { return gone() }
            let isOurs = state["answer"].flatMap { answer in (try? JSON.parse(given)).map { $0.says(sameAs: answer) } } == true
            return .done(isOurs ? .empty : .alreadyAnswered)
        }
    }

    /// It is not asked any more. A no may have been ours: then the declined turn is settled too, where there is one.
    private mutating func gone() -> ExchangeStep<CommandResult> {
        guard declines else { return .done(.notAsked) }
        result = .notAsked
        declining.isSure = false
        step = .declining
        return decline([])
    }

    // Replying.

    private mutating func reply() -> ExchangeStep<CommandResult> {
        step = .replying
        switch card {
        case .permission(_, let reply, let message): return .send([.json("POST", target("/reply"), Self.body("decision", reply, message))])
        case .question(_, nil): return .send([UpstreamRequest("DELETE", target())])
        case .question(_, let answer?):
            return .send([.json("POST", target("/reply"), JSONWriter.object { $0.member("answer", raw: answer) })])
        }
    }

    private static func body(_ field: StaticString, _ reply: String, _ message: String?) -> [UInt8] {
        JSONWriter.object { writer in
            writer.member(field, reply)
            writer.member("message", message)
        }
    }

    private mutating func replied(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        switch OpenCode2Answer.status(answer) {
        case .some(200...299):
            guard declines else { return .done(.empty) }
            step = .checkpoint
            return .checkpoint(Array("declined".utf8))
        case 404, 409: return OpenCode2Answer.tag(answer) == "LocationNotFoundError" ? refused(answer) : .done(.notAsked)
        case 400:
            // Previews of 2.0 took `reply`.
            guard case .permission(_, let reply, let message) = card, step == .replying else { return refused(answer) }
            step = .replyingAsBefore
            return .send([.json("POST", target("/reply"), Self.body("reply", reply, message))])
        default: return .failed(OpenCode2Answer.failure(answer, of: "a reply"))
        }
    }

    private func refused(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        .done(.refused(code: "upstream_refused", detail: OpenCode2Answer.sentence(answer)))
    }

    // Settling what was declined.

    private mutating func decline(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        switch declining.next(answers) {
        case .send(let requests): return .send(requests)
        case .wait(let duration): return .wait(duration)
        case .checkpoint(let bytes): return .checkpoint(bytes)
        case .failed(let failure): return .failed(failure)
        case .done(let wasSettled): return .done(wasSettled ? .empty : result)
        }
    }
}
