// A command as a route or a connection understood it, before anybody has judged it.

import RelayProtocol
import Wire

/// What somebody asks of an agent.
public struct CommandRequest: Sendable, Equatable {
    public enum Ask: Sendable, Equatable {
        /// `asked` is the directory as the client said it; `directory` the one that it leads to, or why it may not be used.
        case create(asked: String?, directory: Result<String, Problem>, title: String?, agent: String?, model: ModelName?)
        /// `parts` is a JSON array of prompt parts.
        case prompt(parts: [UInt8], agent: String?, model: ModelName?)
        /// The turn that the client saw; nil: the one that runs at the commit.
        case stop(turn: Int?)
        /// `reply` is `once`, `always` or `reject`.
        case permission(id: String, reply: String, message: String?)
        /// `answer` is a JSON object; nil rejects.
        case question(id: String, answer: [UInt8]?)
    }

    /// Where it was said: the session of the route; nil for a create.
    public var session: String?
    /// Chosen by the client, so that it can be sent again; nil: one is made.
    public var id: CommandID?
    public var by: String
    public var ask: Ask

    public init(session: String?, id: CommandID?, by: String, ask: Ask) {
        self.session = session
        self.id = id
        self.by = by
        self.ask = ask
    }
}

extension CommandRequest.Ask {
    public var kind: CommandKind {
        switch self {
        case .create: .create
        case .prompt: .prompt
        case .stop: .stop
        case .permission: .permission
        case .question: .question
        }
    }

    /// The card that it answers.
    var card: (kind: CardKind, id: String)? {
        switch self {
        case .permission(let id, _, _): (.permission, id)
        case .question(let id, _): (.question, id)
        case .create, .prompt, .stop: nil
        }
    }

    /// What counts among the bytes that wait for the log: a prompt may be large. The others are small, and a stop is never refused for it.
    var heldBytes: Int { if case .prompt(let parts, _, _) = self { parts.count } else { 0 } }

    /// What makes two commands the same: every field as it was asked, in one order. Its hash is kept with the command. What the server made
    /// of it (the default root, where a link leads) may be another thing the next time.
    var content: [UInt8] {
        JSONWriter.object { writer in
            writer.member("do", kind.rawValue)
            switch self {
            case .create(let asked, _, let title, let agent, let model):
                writer.member("directory", asked)
                writer.member("title", title)
                writer.member("agent", agent)
                writer.member("model", raw: model?.json)
            case .prompt(let parts, let agent, let model):
                writer.member("parts", raw: parts)
                writer.member("agent", agent)
                writer.member("model", raw: model?.json)
            case .stop(let turn):
                writer.member("turn", turn)
            case .permission(let id, let reply, let message):
                writer.member("id", id)
                writer.member("reply", reply)
                writer.member("message", message)
            case .question(let id, let answer):
                writer.member("id", id)
                writer.member("answer", raw: answer)
            }
        }
    }
}

/// The verbs. The raw value is the one on the wire (`do`) and in the table.
public enum CommandKind: String, Sendable, Hashable {
    case create, prompt, stop, permission, question
}
