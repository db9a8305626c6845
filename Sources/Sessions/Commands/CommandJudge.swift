// Whether a command may begin, and what it is upstream: a pure function of what is asked and what the session is at the commit. A command
// whose id is known already never comes here.

import OpenCode
import RelayProtocol

/// What a judgement needs to know, read in the transaction that stores the command.
struct SessionFacts: Sendable, Equatable {
    var id: String
    var directory: String?
    var isGone = false
    var isIdle = true
    var openTurn: Int?
    /// A prompt was accepted, and is not settled or not taken up by a turn.
    var hasPromptUnderWay = false
    /// Its message, as long as no turn has taken it up.
    var awaitedPrompt: String?
    /// The open card that the command names.
    var card: CardFacts?
}

struct CardFacts: Sendable, Equatable {
    /// The session that asked: the topic's, or a child's.
    var session: String
    var directory: String?
    /// Of the turn that asked.
    var prompts: [String]
    /// Somebody's reply is accepted and not refused.
    var hasReply: Bool
}

enum Judgement: Sendable, Equatable {
    case accept(StoredCommand)
    /// Nothing has to be done: this is the result.
    case done([UInt8])
    case refuse(Problem)
}

enum CommandJudge {
    static let notStopped = Array(#"{"stopped":false}"#.utf8)

    /// `session` is nil where it is not known (or for a create, which needs none).
    static func judge(_ ask: CommandRequest.Ask, session: SessionFacts?) -> Judgement {
        if case .create(_, let directory, let title, let agent, let model) = ask {
            switch directory {
            case .failure(let problem): return .refuse(problem)
            case .success(let directory):
                return .accept(StoredCommand(.create(directory: directory, title: title, agent: agent, model: model.map(ModelChoice.init))))
            }
        }
        guard let session else { return .refuse(Problem(.unknownSession)) }
        guard !session.isGone else { return .refuse(Problem(.sessionGone)) }
        switch ask {
        case .create:
            return .refuse(Problem(.unknownSession))
        case .prompt(let parts, let agent, let model):
            guard session.isIdle, session.openTurn == nil, !session.hasPromptUnderWay else { return .refuse(Problem(.sessionBusy)) }
            return .accept(
                StoredCommand(
                    .prompt(
                        session: session.id, directory: session.directory, parts: parts, agent: agent, model: model.map(ModelChoice.init))))
        case .stop(let turn):
            return stop(turn, session)
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

    /// A stop is for the turn that it names, else for what runs now, and for a prompt that is under way; it never hits a later one.
    private static func stop(_ turn: Int?, _ session: SessionFacts) -> Judgement {
        let runs = !session.isIdle || session.openTurn != nil || session.hasPromptUnderWay
        guard runs, turn == nil || turn == session.openTurn else { return .done(notStopped) }
        return .accept(
            StoredCommand(
                .stop(session: session.id, directory: session.directory), turn: session.openTurn, prompt: session.awaitedPrompt))
    }

    private static func answer(_ card: CardFacts?, _ command: (CardFacts) -> UpstreamCommand) -> Judgement {
        guard let card, !card.hasReply else { return .refuse(Problem(.alreadyAnswered)) }
        return .accept(StoredCommand(command(card)))
    }
}
