// Whether a command may begin, and what it is upstream: a pure function of what is asked and what the session is at the commit. A command
// whose id is known already never comes here.

import OpenCode
import RelayProtocol

enum CommandJudge {
    static let notStopped = Array(#"{"stopped":false}"#.utf8)

    /// `session` is nil where it is not known (or for a create, which needs none).
    static func judge(_ ask: CommandRequest.Ask, session: SessionFacts?) -> Judgement {
        if case .create(_, let directory, let title, let agent, let model) = ask {
            return create(directory, title, agent, model)
        }
        guard let session else { return .refuse(Problem(.unknownSession)) }
        guard !session.isGone else { return .refuse(Problem(.sessionGone)) }
        switch ask {
        case .create: return .refuse(Problem(.unknownSession))
        case .prompt(let parts, let agent, let model): return prompt(parts, agent, model, session)
        case .stop(let turn): return stop(turn, session)
        case .permission(let id, let reply, let message):
            return answer(session.card) {
                .permission(session: $0.session, directory: $0.directory, id: id, reply: reply, message: message, prompts: $0.prompts)
            }
        case .question(let id, let answer):
            return self.answer(session.card) {
                .question(session: $0.session, directory: $0.directory, id: id, answer: answer, prompts: $0.prompts)
            }
        }
    }

    private static func create(_ directory: Result<String, Problem>, _ title: String?, _ agent: String?, _ model: ModelName?) -> Judgement {
        switch directory {
        case .failure(let problem): .refuse(problem)
        case .success(let directory):
            .accept(StoredCommand(.create(directory: directory, title: title, agent: agent, model: model.map(ModelChoice.init))))
        }
    }

    private static func prompt(_ parts: [UInt8], _ agent: String?, _ model: ModelName?, _ session: SessionFacts) -> Judgement {
        guard session.isIdle, session.openTurn == nil, !session.hasPromptUnderWay else { return .refuse(Problem(.sessionBusy)) }
        return .accept(
            StoredCommand(
                .prompt(
                    session: session.id, directory: session.directory, parts: parts, agent: agent, model: model.map(ModelChoice.init))))
    }

    /// A stop is for the turn that it names, else for what runs now, and for a prompt that is under way; it never hits a later one.
    private static func stop(_ turn: Int?, _ session: SessionFacts) -> Judgement {
        let runs = !session.isIdle || session.openTurn != nil || session.hasPromptUnderWay
        guard runs, turn == nil || turn == session.openTurn else { return .done(notStopped) }
        let isNamed = session.openTurn != nil || session.awaitedPrompt != nil
        return .accept(
            StoredCommand(
                .stop(session: session.id, directory: session.directory), turn: session.openTurn, prompt: session.awaitedPrompt,
                lastTurn: isNamed ? nil : session.newestTurn))
    }

    private static func answer(_ card: CardFacts?, _ command: (CardFacts) -> UpstreamCommand) -> Judgement {
        guard let card, !card.hasReply else { return .refuse(Problem(.alreadyAnswered)) }
        return .accept(StoredCommand(command(card), ancestors: card.ancestors))
    }
}
