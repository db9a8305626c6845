// A command as it lies in the table until it is settled: what goes upstream, resolved at the commit that accepted it, so that a restart
// repeats the same thing whatever the session has become since.

import OpenCode
import RelayProtocol
import Wire

/// An accepted command, and the turn and the prompt that a stop was meant for, or the sessions whose stop ends what is approved.
struct StoredCommand: Sendable, Equatable {
    var command: UpstreamCommand
    var turn: Int?
    /// The message of a prompt that no turn had taken up.
    var prompt: String?
    /// Where neither is known and something runs: the turn before, which may be the one that goes on.
    var lastTurn: Int?
    /// Of a card: the sessions above the one that asked.
    var ancestors: [String] = []
    /// Of the adapter that gave the command its ids.
    var generation: String?

    /// Commands of one lane go upstream one after the other.
    var session: String? {
        switch command {
        case .create: nil
        case .prompt(let session, _, _, _, _), .stop(let session, _), .permission(let session, _, _, _, _, _),
            .question(let session, _, _, _, _):
            session
        }
    }

    /// What it sets to work is ended by a stop of that session.
    func isEnded(byStopOf stopped: String) -> Bool { setsToWork && (session == stopped || ancestors.contains(stopped)) }

    /// A prompt or an approval: after it something runs.
    private var setsToWork: Bool {
        switch command {
        case .prompt: true
        case .permission(_, _, _, let reply, _, _): reply != "reject"
        case .create, .stop, .question: false
        }
    }

    var json: [UInt8] {
        JSONWriter.object { writer in
            writer.member("generation", generation)
            writer.member("ancestors", strings: ancestors.isEmpty ? nil : ancestors)
            switch command {
            case .create(let directory, let title, let agent, let model):
                writer.member("do", CommandKind.create.rawValue)
                writer.member("directory", directory)
                writer.member("title", title)
                writer.member("agent", agent)
                writer.member("model", raw: model?.json)
            case .prompt(let session, let directory, let parts, let agent, let model):
                writer.head(.prompt, session, directory)
                writer.member("parts", raw: parts)
                writer.member("agent", agent)
                writer.member("model", raw: model?.json)
            case .stop(let session, let directory):
                writer.head(.stop, session, directory)
                writer.member("turn", turn)
                writer.member("prompt", prompt)
                writer.member("last_turn", lastTurn)
            case .permission(let session, let directory, let id, let reply, let message, let prompts):
                writer.head(.permission, session, directory)
                writer.member("id", id)
                writer.member("reply", reply)
                writer.member("message", message)
                writer.member("prompts", strings: prompts)
            case .question(let session, let directory, let id, let answer, let prompts):
                writer.head(.question, session, directory)
                writer.member("id", id)
                writer.member("answer", raw: answer)
                writer.member("prompts", strings: prompts)
            }
        }
    }

    init(
        _ command: UpstreamCommand, turn: Int? = nil, prompt: String? = nil, lastTurn: Int? = nil, ancestors: [String] = [],
        generation: String? = nil
    ) {
        self.command = command
        self.ancestors = ancestors
        self.generation = generation
        self.turn = turn
        self.prompt = prompt
        self.lastTurn = lastTurn
    }

    /// Reads what `json` writes.
    init?(json: [UInt8]) {
        guard let value = try? JSON.parse(json), let kind = value["do"]?.string.flatMap(CommandKind.init(rawValue:)),
            let command = Self.read(kind, value)
        else { return nil }
        self.init(
            command, turn: value["turn"]?.int, prompt: value["prompt"]?.string, lastTurn: value["last_turn"]?.int,
            ancestors: value["ancestors"]?.items.compactMap(\.string) ?? [], generation: value["generation"]?.string)
    }

    private static func read(_ kind: CommandKind, _ value: JSONValue) -> UpstreamCommand? {
        let directory = value["directory"]?.string
        let agent = value["agent"]?.string
        let model = value["model"].flatMap(ModelChoice.init(json:))
        if kind == .create {
            return directory.map { .create(directory: $0, title: value["title"]?.string, agent: agent, model: model) }
        }
        guard let session = value["session"]?.string else { return nil }
        let prompts = value["prompts"]?.items.compactMap(\.string) ?? []
        switch (kind, value["id"]?.string) {
        case (.prompt, _):
            return value["parts"].map { .prompt(session: session, directory: directory, parts: Array($0.raw), agent: agent, model: model) }
        case (.stop, _):
            return .stop(session: session, directory: directory)
        case (.permission, let id?):
            return value["reply"]?.string.map {
                .permission(session: session, directory: directory, id: id, reply: $0, message: value["message"]?.string, prompts: prompts)
            }
        case (.question, let id?):
            return .question(
                session: session, directory: directory, id: id, answer: value["answer"].map { Array($0.raw) }, prompts: prompts)
        default:
            return nil
        }
    }
}

extension JSONWriter {
    fileprivate mutating func head(_ kind: CommandKind, _ session: String, _ directory: String?) {
        member("do", kind.rawValue)
        member("session", session)
        member("directory", directory)
    }
}

extension ModelChoice {
    init(_ name: ModelName) { self.init(provider: name.provider, id: name.id, variant: name.variant) }

    var json: [UInt8] { ModelName(provider: provider, id: id, variant: variant).json }

    init?(json: JSONValue) {
        guard let provider = json["provider"]?.string, let id = json["id"]?.string else { return nil }
        self.init(provider: provider, id: id, variant: json["variant"]?.string)
    }
}
