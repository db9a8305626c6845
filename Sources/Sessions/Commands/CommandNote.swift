// What reaches the runner from other threads.

/// A note for the runner's mailbox.
public enum CommandNote: Sendable {
    /// A command was accepted and committed.
    case accepted(CommandRow)
    /// What a restart left undecided; nil where the log could not be read.
    case undecided([CommandRow]?)
    case committed(CommandKey, succeeded: Bool)
    /// Whether what a stop was meant for still runs.
    case due(CommandKey, Bool)
}
