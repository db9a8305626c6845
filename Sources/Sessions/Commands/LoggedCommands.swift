// Commands in the log's own database.

import EventLog

struct LoggedCommands: CommandStore {
    let log: EventLog

    func take(_ intake: CommandIntake, _ done: @escaping @Sendable (CommandIntake.Outcome?) -> Void) {
        log.perform({ try intake.take(in: $0) }, { done(try? $0.get()) })
    }

    func find(_ key: CommandKey, _ done: @escaping @Sendable (CommandRow?) -> Void) {
        log.read {
            try $0.transaction { snapshot in try CommandTable(database: snapshot.database).find(key) }
        } _: {
            done((try? $0.get()) ?? nil)
        }
    }

    func undecided(_ done: @escaping @Sendable ([CommandRow]?) -> Void) {
        log.read {
            try $0.transaction { snapshot in try CommandTable(database: snapshot.database).undecided() }
        } _: {
            done(try? $0.get())
        }
    }

    func isOpen(turn: Int, of session: String, _ done: @escaping @Sendable (Bool?) -> Void) {
        log.read {
            try $0.transaction { snapshot in try SessionReads.isOpen(turn: turn, of: session, in: snapshot) }
        } _: {
            done(try? $0.get())
        }
    }

    func change(_ key: CommandKey, _ change: CommandChange, notice: Append?, _ done: @escaping @Sendable (_ succeeded: Bool) -> Void) {
        log.perform { context in
            try CommandTable(database: context.database).change(key, change, now: context.timestamp)
            if let notice { _ = try context.append(notice) }
        } _: { result in
            if case .success = result { done(true) } else { done(false) }
        }
    }
}
