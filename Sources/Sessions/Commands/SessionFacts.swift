// A session as far as it decides whether a command may begin.

/// What a judgement needs to know, read in the transaction that stores the command.
struct SessionFacts: Sendable, Equatable {
    var id: String
    var directory: String?
    var isGone = false
    var isIdle = true
    var openTurn: Int?
    /// The newest, open or not.
    var newestTurn: Int?
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
    /// The sessions above it, the nearest first: a stop of one of them ends it too.
    var ancestors: [String] = []
    /// Of the turn that asked.
    var prompts: [String]
    /// Somebody's reply is accepted and not refused.
    var hasReply: Bool
}
