// Where commands are kept, as service and runner see it. The rule for whoever implements it: an answer comes after the commit of what it says.

import EventLog
import RelayProtocol

protocol CommandStore: Sendable {
    /// One command that comes in, in a transaction of its own; nil where nothing could be written.
    func take(_ intake: CommandIntake, _ done: @escaping @Sendable (CommandIntake.Outcome?) -> Void)
    /// Nil where there is no such command.
    func find(_ key: CommandKey, _ done: @escaping @Sendable (Result<CommandRow?, Problem>) -> Void)
    /// Those that may still have to go upstream, in the order in which they were accepted; nil where the log could not be read.
    func undecided(_ done: @escaping @Sendable ([CommandRow]?) -> Void)
    /// What this stop has still to stop; nil where the log could not be read.
    func target(of stop: StoredCommand, _ done: @escaping @Sendable (StopTarget?) -> Void)
    /// Changes a row, and tells of it in the same transaction.
    func change(_ key: CommandKey, _ change: CommandChange, notice: Append?, _ done: @escaping @Sendable (_ succeeded: Bool) -> Void)
}
