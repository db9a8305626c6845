// What ingest asks of the log about sessions, answered by reads.

import Dispatch
import EventLog
import Ingest
import RelayProtocol
import Sessions

struct StoredSessions: SessionMemory {
    let log: EventLog

    func known(_ done: @escaping @Sendable (KnownLog) -> Void) {
        log.read { reader in
            try reader.transaction { snapshot in
                let sessions = try SessionReads.knownSessions(in: snapshot).map { stored in
                    let record = try TopicName(stored.id).flatMap { try snapshot.record($0) }
                    return KnownSession(
                        id: stored.id, directory: stored.directory, isBusy: stored.isBusy, record: record, said: stored.updated)
                }
                return KnownLog(sessions: sessions, newest: try snapshot.newestTimestamp(), record: try snapshot.record(.opencode))
            }
        } _: { result in
            // Taken for empty, a log that cannot be read would have everything said once more.
            switch result {
            case .success(let known): done(known)
            case .failure: again { known(done) }
            }
        }
    }

    func load(_ load: SessionLoad, _ done: @escaping @Sendable (LoadedSession) -> Void) {
        log.read { reader in
            try reader.transaction { snapshot in
                let before = load.before.map { (created: $0.created, id: $0.id) }
                let held = try SessionReads.held(load.session, messages: load.messages, before: before, in: snapshot)
                let record = try TopicName(load.session).flatMap { try snapshot.record($0) }
                return LoadedSession(load, record: record, held: held?.folded ?? FoldedSession())
            }
        } _: { result in
            switch result {
            case .success(let loaded): done(loaded)
            case .failure: again { self.load(load, done) }
            }
        }
    }

    private func again(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + 1, execute: body)
    }
}
