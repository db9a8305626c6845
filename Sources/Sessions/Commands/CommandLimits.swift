// How long and how often a command is tried, and when others count it as over.

enum CommandLimits {
    /// An upstream that cannot be reached is tried again for so long; then the command is `refused`, or `uncertain` if something of it was
    /// sent, and the user decides.
    static let patienceMilliseconds: Int64 = 15 * 60 * 1000
    /// Answers that the adapter cannot use, before the same.
    static let tries = 3
    static let longestRetryMilliseconds: Int64 = 30_000
    /// A confirmed prompt of which no turn is heard counts as busy for so long.
    static let promptGraceMilliseconds: Int64 = 30_000
    /// A reply whose answer was lost, and whose card is closed, waits so long for the stream's word of it; then it is `uncertain`.
    static let wordMilliseconds: Int64 = 5_000
    static let wordPause = Duration.milliseconds(100)
    /// Between two looks at a prompt whose turn is to be stopped when it begins.
    static let stopPause = Duration.milliseconds(200)
}
