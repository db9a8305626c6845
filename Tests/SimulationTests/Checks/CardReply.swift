// What is said to a card, in words of a model: as a command asks for it, as a request brings it to OpenCode, as the log tells of it.

import RelayProtocol
import Sessions
import Wire

struct CardReply: Equatable {
    /// `once`, `always` or `reject`; of a question `answered` or `rejected`; in the log also `withdrawn`.
    let verb: String
    /// The reason of a reject, the answer to a question.
    var words: String?

    var isNo: Bool { verb == "reject" || verb == "rejected" }
    /// A plain no ends the turn.
    var declines: Bool { isNo && words == nil }
}

extension CardReply {
    /// Nil for a command that answers no card.
    init?(_ ask: CommandRequest.Ask) {
        switch ask {
        case .permission(_, let reply, let message): self.init(verb: reply, words: message)
        case .question(_, nil): self.init(verb: "rejected")
        case .question(_, let answer?): self.init(verb: "answered", words: (try? JSON.parse(answer))?["q0"]?.string)
        case .create, .prompt, .stop: return nil
        }
    }

    /// Nil for an event that closes no card.
    init?(closing event: Event) {
        guard event.kind == .permissionClosed || event.kind == .questionClosed, let payload = try? JSON.parse(event.payload) else {
            return nil
        }
        let verb = payload[event.kind == .permissionClosed ? "reply" : "outcome"]?.string
        self.init(verb: verb ?? "", words: payload["answer"]?["q0"]?.string)
    }
}
