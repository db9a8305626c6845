// The adapter for OpenCode 2.x: which requests it takes, what its frames and answers mean. Pure: values in, values out. The mapping of each
// object stands in `Mapping/` once, for events and for reads; the state between two frames in `Translating/`; conversations in `Reading/`
// and `Acting/`.
//
// It reads leniently (unknown fields, types and words pass), and writes only what 2.0.14 and 2.1.2 both take.

import RelayProtocol
import Wire

/// OpenCode 2.x's generation.
public struct OpenCode2: UpstreamAdapter {
    public init() {}

    public var generation: String { OpenCode2Record.generation }

    /// One stream for all directories.
    public var streamRequest: UpstreamRequest { UpstreamRequest("GET", "/api/event", headers: [("accept", "text/event-stream")]) }
    /// A heartbeat comes every 15 s, as a comment.
    public var silenceLimit: Duration { .seconds(45) }

    public func translator(session: String, record: [UInt8]?, held: FoldedSession) -> any SessionTranslator {
        OpenCode2Translator(session: session, record: record, held: held)
    }

    public func listSessions(pages: Int) -> any UpstreamExchange<SessionListRead> { OpenCode2SessionList(pages: pages) }

    public func readSession(_ session: String, directory: String?, until: String?, limit: Int) -> any UpstreamExchange<SessionRead> {
        OpenCode2SessionReading(session: session, directory: directory, until: until, limit: limit)
    }

    public func readOlder(_ session: String, directory: String?, before older: String, limit: Int) -> any UpstreamExchange<SessionRead> {
        OpenCode2SessionReading(session: session, directory: directory, before: older, limit: limit)
    }

    public func identifiers(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String] {
        OpenCode2Identifier.all(for: command, now: now, random: &random)
    }

    public func perform(
        _ command: UpstreamCommand, identifiers: [String], checkpoint: [UInt8]?, settling: Bool
    ) -> any UpstreamExchange<CommandResult> {
        let identifier = identifiers.first ?? ""
        switch command {
        case .create(let directory, let title, let agent, let model):
            return OpenCode2Creating(identifier: identifier, directory: directory, title: title, agent: agent, model: model)
        case .prompt(let session, _, let parts, let agent, let model):
            return OpenCode2Prompting(
                session: session, identifier: identifier, parts: parts, agent: agent, model: model, settling: settling)
        case .stop(let session, _):
            return OpenCode2Stopping(session: session)
        case .permission(let session, _, let id, let reply, let message, let prompts):
            let card = OpenCode2Replying.Card.permission(id, reply: reply, message: message)
            return OpenCode2Replying(session: session, card: card, prompts: prompts, checkpoint: checkpoint, settling: settling)
        case .question(let session, _, let id, let answer, let prompts):
            let card = OpenCode2Replying.Card.question(id, answer: answer)
            return OpenCode2Replying(session: session, card: card, prompts: prompts, checkpoint: checkpoint, settling: settling)
        }
    }
}
