// What reaches the runner from other threads.

/// A note for the runner's mailbox.
public enum CommandNote: Sendable {
    /// A command was accepted and committed.
    case accepted(CommandRow)
    /// What a restart left undecided; nil where the log could not be read.
    case undecided([CommandRow]?)
    case committed(CommandKey, succeeded: Bool)
    /// What a stop has still to stop; nil where the log could not be read.
    case target(CommandKey, StopTarget?)
}
