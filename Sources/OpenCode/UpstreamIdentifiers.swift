// The ids that a command was given when it was accepted, and whose they are. OpenCode may be replaced by one of the other generation before the
// command is settled: then they mean nothing there, and a prompt under them could be answered twice, or pass for somebody else's.

public struct UpstreamIdentifiers: Sendable, Equatable {
    /// The adapter's that gave them; nil where nobody noted it.
    public var generation: String?
    public var all: [String]

    public init(generation: String?, all: [String]) {
        self.generation = generation
        self.all = all
    }
}

extension UpstreamAdapter {
    /// A command as requests, as its own generation's adapter performs it. Of a prompt that has another's ids it is only looked for: found it is
    /// done, else its owner decides. What else there is names its object, or makes the same session under the same id in both.
    public func perform(
        _ command: UpstreamCommand, identifiers: UpstreamIdentifiers, checkpoint: [UInt8]?, settling: Bool
    ) -> any UpstreamExchange<CommandResult> {
        guard let generation = identifiers.generation, generation != self.generation else {
            return perform(command, identifiers: identifiers.all, checkpoint: checkpoint, settling: settling)
        }
        guard case .prompt = command else {
            return perform(command, identifiers: identifiers.all, checkpoint: nil, settling: settling)
        }
        return ForeignPrompt(looking: perform(command, identifiers: identifiers.all, checkpoint: nil, settling: true))
    }
}

/// Looks, and sends nothing that changes anything.
private struct ForeignPrompt: UpstreamExchange {
    private var looking: any UpstreamExchange<CommandResult>

    init(looking: any UpstreamExchange<CommandResult>) { self.looking = looking }

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        let step = looking.next(answers)
        guard case .send(let requests) = step, requests.contains(where: { $0.method != "GET" }) else { return step }
        return .done(.uncertain(detail: "it was accepted for an OpenCode of another generation, and is not in this one's session"))
    }
}
