// The open turn, as far as its frames have told.

/// What was heard since the turn opened and decides how it ends.
struct OpenCode1Run: Equatable {
    /// The turn's newest assistant message.
    var last: String?
    var isAborted = false
    /// The first session.error of the turn, an error object.
    var error: [UInt8]?
    /// `idle` came before the last message was complete (ms since 1970).
    var stoppingSince: Int64?
    /// `busy` came after that `idle`: the next turn begins where this one ends.
    var isBusyAgain = false
    /// Answers that ended without a reason.
    var unfinished = 0
}
