// From the bodies that routes and connections have read to what is asked.

import RelayProtocol

extension CommandRequest {
    /// `directory` is where the session will be, below one of the roots, or why it cannot be there: the caller has looked, and it is judged
    /// only if the command is new.
    public init(create body: CreateBody, directory: Result<String, Problem>, by: String) {
        self.init(
            session: nil, id: body.id, by: by,
            ask: .create(asked: body.directory, directory: directory, title: body.title, agent: body.agent, model: body.model))
    }

    public init(prompt body: PromptBody, session: String, by: String) {
        self.init(session: session, id: body.id, by: by, ask: .prompt(parts: body.parts, agent: body.agent, model: body.model))
    }

    public init(stop body: StopBody, session: String, by: String) {
        self.init(session: session, id: body.id, by: by, ask: .stop(turn: body.turn))
    }

    public init(permission id: String, _ body: PermissionBody, session: String, by: String) {
        self.init(session: session, id: body.id, by: by, ask: .permission(id: id, reply: body.reply.rawValue, message: body.message))
    }

    public init(question id: String, _ body: QuestionBody, session: String, by: String) {
        self.init(session: session, id: body.id, by: by, ask: .question(id: id, answer: body.answer))
    }

    /// A command over a WebSocket.
    public init(_ command: ClientCommand, session: String, by: String) {
        switch command.verb {
        case .prompt(let body): self.init(prompt: body, session: session, by: by)
        case .stop(let body): self.init(stop: body, session: session, by: by)
        case .permission(let id, let body): self.init(permission: id, body, session: session, by: by)
        case .question(let id, let body): self.init(question: id, body, session: session, by: by)
        }
        id = command.id
    }
}
