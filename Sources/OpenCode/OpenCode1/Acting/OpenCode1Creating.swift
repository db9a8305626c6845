// Creating a session under an id of our choice: `POST /api/session` gives the session that has the id already, so sending it again makes
// no second one. That route takes no title; a second call gives it.

import RelayProtocol
import Wire

struct OpenCode1Creating: UpstreamExchange {
    private enum Step { case begin, creating, naming, fallingBack }

    let identifier: String
    let directory: String
    let title: String?
    let agent: String?
    let model: ModelChoice?
    private var step = Step.begin

    init(identifier: String, directory: String, title: String?, agent: String?, model: ModelChoice?) {
        self.identifier = identifier
        self.directory = directory
        self.title = title
        self.agent = agent
        self.model = model
    }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        switch (step, answers.first) {
        case (.begin, _), (_, nil):
            step = .creating
            return .send([.json("POST", "/api/session", body(isLegacy: false))])
        case (.creating, let answer?): return created(answer)
        case (.naming, let answer?):
            if case .failure(let failure) = OpenCode1Answer.body(answer, of: "naming a session"), failure == .unreachable {
                return .failed(failure)
            }
            return .done(done(identifier))
        case (.fallingBack, let answer?):
            switch OpenCode1Answer.body(answer, of: "creating a session") {
            case .success(let session): return .done(done(session["id"]?.string ?? identifier))
            case .failure(let failure): return refusal(answer, failure)
            }
        }
    }

    private mutating func created(_ answer: UpstreamAnswer) -> ExchangeStep<CommandResult> {
        // A server without this route answers with its web page.
        if case .answered(200, false, _, _) = answer { return fallBack() }
        if case .answered(404, _, _, _) = answer { return fallBack() }
        if case .failure(let failure) = OpenCode1Answer.body(answer, of: "creating a session") { return refusal(answer, failure) }
        guard let title else { return .done(done(identifier)) }
        step = .naming
        return .send([.json("PATCH", OpenCode1Target.session(identifier), JSONWriter.object { $0.member("title", title) })])
    }

    private mutating func fallBack() -> ExchangeStep<CommandResult> {
        step = .fallingBack
        return .send([.json("POST", OpenCode1Target.instance("/session", directory: directory), body(isLegacy: true))])
    }

    private func refusal(_ answer: UpstreamAnswer, _ failure: UpstreamFailure) -> ExchangeStep<CommandResult> {
        guard case .unexpected(400, _) = failure else { return .failed(failure) }
        return .done(.refused(code: "upstream_refused", detail: OpenCode1Answer.sentence(answer)))
    }

    private func done(_ id: String) -> CommandResult { .done(result: JSONWriter.object { $0.member("id", id) }) }

    private func body(isLegacy: Bool) -> [UInt8] {
        JSONWriter.object { writer in
            if isLegacy { writer.member("title", title) } else { writer.member("id", identifier) }
            writer.member("agent", agent)
            if let model {
                writer.key("model")
                writer.object { writer in
                    writer.member("id", model.id)
                    writer.member("providerID", model.provider)
                    writer.member("variant", model.variant)
                }
            }
            guard !isLegacy else { return }
            writer.key("location")
            writer.object { $0.member("directory", directory) }
        }
    }
}

extension UpstreamRequest {
    static func json(_ method: String, _ target: String, _ body: [UInt8]) -> UpstreamRequest {
        UpstreamRequest(method, target, headers: [("content-type", "application/json")], body: body)
    }
}
