// Where commands come in, from any thread. The rule that makes them run once: looked up by id before anything is judged, then judged and
// stored in the same transaction of the log's writer; what is sent again is answered from the row. It sends nothing upstream itself.

import EventLog
import OpenCode
import RelayProtocol
import Synchronization
import Wire

public final class CommandService: Sendable {
    private let store: any CommandStore
    private let identifiers: CommandIdentifiers
    private let deliver: @Sendable (CommandNote) -> Void
    private let waiting = Mutex<[CommandKey: [@Sendable (CommandAnswer) -> Void]]>([:])

    /// `deliver` hands a note to the runner, on whatever loop that lives.
    public convenience init(log: EventLog, identifiers: @escaping CommandIdentifiers, deliver: @escaping @Sendable (CommandNote) -> Void) {
        self.init(store: LoggedCommands(log: log), identifiers: identifiers, deliver: deliver)
    }

    init(store: any CommandStore, identifiers: @escaping CommandIdentifiers, deliver: @escaping @Sendable (CommandNote) -> Void) {
        self.store = store
        self.identifiers = identifiers
        self.deliver = deliver
    }

    /// Takes a command, or answers it from its row if it was taken before. `done` is called on another thread, after the commit.
    public func submit(_ request: CommandRequest, done: @escaping @Sendable (Result<CommandAnswer, Problem>) -> Void) {
        let key = CommandKey(session: request.session, by: request.by, id: request.id?.text ?? Self.freshID())
        store.take(CommandIntake(request: request, key: key, identifiers: identifiers)) { [deliver] outcome in
            switch outcome {
            case nil: done(.failure(Problem(.storageFailed)))
            case .refused(let problem): done(.failure(problem))
            case .known(let row): done(.success(row.answer(isReplay: true)))
            case .settled(let row): done(.success(row.answer(isReplay: false)))
            case .accepted(let row):
                deliver(.accepted(row))
                done(.success(row.answer(isReplay: false)))
            }
        }
    }

    /// A command as it stands; nil if there is none, a problem if nobody can tell.
    public func state(of key: CommandKey, done: @escaping @Sendable (Result<CommandAnswer?, Problem>) -> Void) {
        store.find(key) { found in done(found.map { $0?.answer(isReplay: true) }) }
    }

    /// The command of that id under a session: its own, else the create that made it.
    public func state(
        of id: String, by: String, under session: String, done: @escaping @Sendable (Result<CommandAnswer?, Problem>) -> Void
    ) {
        state(of: CommandKey(session: session, by: by, id: id)) { own in
            guard case .success(nil) = own else { return done(own) }
            self.state(of: CommandKey(session: nil, by: by, id: id)) { create in
                done(create.map { $0?.createdSession == session ? $0 : nil })
            }
        }
    }

    /// Calls back once, when the command is settled; at once if it is.
    public func whenSettled(_ key: CommandKey, _ done: @escaping @Sendable (CommandAnswer) -> Void) {
        waiting.withLock { $0[key, default: []].append(done) }
        // Where the log cannot be read now, the runner still tells.
        state(of: key) { found in
            if case .success(let answer?) = found, answer.state.isFinal { self.settled(key, answer) }
        }
    }

    func settled(_ key: CommandKey, _ answer: CommandAnswer) {
        let callbacks = waiting.withLock { $0.removeValue(forKey: key) ?? [] }
        for callback in callbacks { callback(answer) }
    }

    private static func freshID() -> String { "c-" + Hex.encode((0..<12).map { _ in UInt8.random(in: 0...255) }) }
}
