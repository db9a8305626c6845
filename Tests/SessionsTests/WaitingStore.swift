// A store whose writer never gets to what it is handed.

import EventLog
import RelayProtocol
import Synchronization

@testable import Sessions

final class WaitingStore: CommandStore {
    private let taken = Mutex<[CommandIntake]>([])
    var intakes: [CommandIntake] { taken.withLock { $0 } }

    func take(_ intake: CommandIntake, _ done: @escaping @Sendable (CommandIntake.Outcome?) -> Void) {
        taken.withLock { $0.append(intake) }
    }

    func find(_ key: CommandKey, _ done: @escaping @Sendable (Result<CommandRow?, Problem>) -> Void) {}
    func undecided(_ done: @escaping @Sendable ([CommandRow]?) -> Void) {}
    func target(of stop: StoredCommand, _ done: @escaping @Sendable (StopTarget?) -> Void) {}
    func change(_ key: CommandKey, _ change: CommandChange, notice: Append?, _ done: @escaping @Sendable (_ succeeded: Bool) -> Void) {}
}
