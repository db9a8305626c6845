// The adapter for OpenCode 1.18 (and 1.19, the same contract): which requests it takes, what its frames and answers mean. Pure: values in,
// values out. The mapping of each object stands in `Mapping/` once, for events and for reads; the state between two frames in
// `Translating/`; conversations in `Reading/` and `Acting/`.

import RelayProtocol
import Wire

/// OpenCode 1.18's generation.
public struct OpenCode1: UpstreamAdapter {
    public init() {}

    public var generation: String { OpenCode1Record.generation }

    /// `/event` shows one directory only; this one shows all.
    public var streamRequest: UpstreamRequest { UpstreamRequest("GET", "/global/event", headers: [("accept", "text/event-stream")]) }
    /// A heartbeat comes every 10 s.
    public var silenceLimit: Duration { .seconds(30) }

    public func translator(session: String, record: [UInt8]?, held: FoldedSession) -> any SessionTranslator {
        OpenCode1Translator(session: session, record: record, held: held)
    }

    public func listSessions(pages: Int) -> any UpstreamExchange<SessionListRead> { OpenCode1SessionList(pages: pages) }

    public func readSession(_ session: String, directory: String?, until: String?, limit: Int) -> any UpstreamExchange<SessionRead> {
        OpenCode1SessionReading(session: session, directory: directory, until: until, limit: limit)
    }

    public func readOlder(_ session: String, directory: String?, before older: String, limit: Int) -> any UpstreamExchange<SessionRead> {
        OpenCode1SessionReading(session: session, directory: directory, before: older, limit: limit)
    }

    public func identifiers(for command: UpstreamCommand, now: Int64, random: inout any RandomNumberGenerator) -> [String] {
        OpenCode1Identifier.all(for: command, now: now, random: &random)
    }

    public func perform(_ command: UpstreamCommand, identifiers: [String], checkpoint: [UInt8]?, settling: Bool) -> any UpstreamExchange<
        CommandResult
    > {
        switch command {
        case .create(let directory, let title, let agent, let model):
            OpenCode1Creating(identifier: identifiers.first ?? "", directory: directory, title: title, agent: agent, model: model)
        case .prompt(let session, let directory, let parts, let agent, let model):
            OpenCode1Prompting(
                session: session, directory: directory, identifiers: identifiers, parts: parts, agent: agent, model: model,
                settling: settling)
        case .stop(let session, let directory):
            OpenCode1Stopping(session: session, directory: directory)
        case .permission(let session, let directory, let id, let reply, let message, _):
            OpenCode1Replying(session: session, directory: directory, card: .permission(id, reply: reply, message: message))
        case .question(let session, let directory, let id, let answer, _):
            OpenCode1Replying(session: session, directory: directory, card: .question(id, answer: answer))
        }
    }
}
