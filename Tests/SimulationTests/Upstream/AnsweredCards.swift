// What became of cards, as OpenCode sees it: the first reply that it took is the one that counts, whoever gave it.

import OpenCode
import Wire

struct AnsweredCards {
    struct Answer {
        let said: CardReply
        /// It came through Reprise.
        let isOurs: Bool
    }

    private var answers: [String: Answer] = [:]

    subscript(_ card: String) -> Answer? { answers[card] }

    /// - Parameters:
    ///   - listed: the cards that were listed before it came, with their sessions.
    ///   - left: those that are since.
    mutating func took(_ card: String, _ said: CardReply, isOurs: Bool, listed: [String: String], left: [String: String]) {
        if answers[card] == nil { answers[card] = Answer(said: said, isOurs: isOurs) }
        // What else the session asked went with it: all is allowed alike, or declined.
        for (other, session) in listed where other != card && session == listed[card] && left[other] == nil && answers[other] == nil {
            let verb = other.hasPrefix("per") ? said.verb == "always" ? "always" : "reject" : "rejected"
            answers[other] = Answer(said: CardReply(verb: verb), isOurs: isOurs)
        }
    }
}
