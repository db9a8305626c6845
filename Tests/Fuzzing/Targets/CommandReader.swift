// A client's command as what upstream is asked, the way the command service makes it.

import OpenCode
import RelayProtocol

enum CommandReader {
    static func command(_ message: [UInt8]) -> UpstreamCommand? {
        if let command = try? ClientCommand.parse(message) { return asked(command.verb) }
        guard let body = try? CreateBody.parse(message) else { return nil }
        return .create(directory: body.directory ?? "/p", title: body.title, agent: body.agent, model: body.model.map(choice))
    }

    private static func asked(_ verb: ClientCommand.Verb) -> UpstreamCommand {
        let session = "ses_1"
        switch verb {
        case .prompt(let body):
            return .prompt(session: session, directory: "/p", parts: body.parts, agent: body.agent, model: body.model.map(choice))
        case .stop: return .stop(session: session, directory: nil)
        case .permission(let id, let body):
            return .permission(
                session: session, directory: "/p", id: id, reply: body.reply.rawValue, message: body.message, prompts: ["msg_1"])
        case .question(let id, let body): return .question(session: session, directory: nil, id: id, answer: body.answer, prompts: [])
        }
    }

    private static func choice(_ model: ModelName) -> ModelChoice {
        ModelChoice(provider: model.provider, id: model.id, variant: model.variant)
    }
}
