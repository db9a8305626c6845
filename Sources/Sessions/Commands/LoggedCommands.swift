// Commands in the log's own database.

import EventLog
import RelayProtocol

struct LoggedCommands: CommandStore {
    let log: EventLog

    func take(_ intake: CommandIntake, _ done: @escaping @Sendable (CommandIntake.Outcome?) -> Void) {
        log.perform(holding: intake.request.ask.heldBytes) {
            try intake.take(in: $0)
        } _: { result in
            if case .failure(let error) = result, case LogError.overloaded = error { return done(.refused(Problem(.overloaded))) }
            done(try? result.get())
        }
    }

    func find(_ key: CommandKey, _ done: @escaping @Sendable (Result<CommandRow?, Problem>) -> Void) {
        log.read {
            try $0.transaction { snapshot in try CommandTable(database: snapshot.database).find(key) }
        } _: {
            done($0.mapError { _ in Problem(.readFailed) })
        }
    }

    func undecided(_ done: @escaping @Sendable ([CommandRow]?) -> Void) {
        log.read {
            try $0.transaction { snapshot in try CommandTable(database: snapshot.database).undecided() }
        } _: {
            done(try? $0.get())
        }
    }

    func target(of stop: StoredCommand, _ done: @escaping @Sendable (StopTarget?) -> Void) {
        let clock = log.now
        log.read {
            try $0.transaction { snapshot in
                try StopTarget.read(stop, clock: clock, in: snapshot)
            }
        } _: {
            done(try? $0.get())
        }
    }

    func change(_ key: CommandKey, _ change: CommandChange, notice: Append?, _ done: @escaping @Sendable (_ succeeded: Bool) -> Void) {
        log.perform { context in
            let table = CommandTable(database: context.database)
            try table.change(key, change, now: context.timestamp)
            if let notice { _ = try context.append(notice) }
            guard change.isFailure || change.isLapsed, try table.find(key)?.kind == .stop else { return }
            let status = try SessionRow.load(id: key.session, from: context.database)?.statusName
            if let event = change.statusAfterStop(status), let topic = TopicName(key.session) {
                _ = try context.append(Append(topic: topic, events: [event]))
            }
        } _: { result in
            if case .success = result { done(true) } else { done(false) }
        }
    }
}
