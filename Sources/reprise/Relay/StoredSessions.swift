// What ingest asks of the log about sessions, answered by reads.

import Dispatch
import EventLog
import Ingest
import RelayProtocol
import Sessions

struct StoredSessions: SessionMemory {
    let log: EventLog

    func knownSessions(_ done: @escaping @Sendable ([KnownSession], Int64?) -> Void) {
        log.read { reader in
            try reader.transaction { snapshot in
                let sessions = try SessionReads.knownSessions(in: snapshot).map { stored in
                    let record = try TopicName(stored.id).flatMap { try snapshot.record($0) }
                    return KnownSession(
                        id: stored.id, directory: stored.directory, isBusy: stored.isBusy, isImported: IngestRecord.saysImported(record),
                        updated: Int(stored.updated))
                }
                return (sessions, try snapshot.newestTimestamp())
            }
        } _: { result in
            // Taken for empty, a log that cannot be read would have everything said once more.
            switch result {
            case .success(let known): done(known.0, known.1)
            case .failure: again { knownSessions(done) }
            }
        }
    }

    func load(_ session: String, messages: Int, _ done: @escaping @Sendable (LoadedSession) -> Void) {
        log.read { reader in
            try reader.transaction { snapshot in
                let held = try SessionReads.held(session, messages: messages, in: snapshot)
                let record = try TopicName(session).flatMap { try snapshot.record($0) }
                return LoadedSession(session: session, record: record, held: held?.folded ?? FoldedSession(), isWhole: held?.isWhole ?? true)
            }
        } _: { result in
            switch result {
            case .success(let loaded): done(loaded)
            case .failure: again { load(session, messages: messages, done) }
            }
        }
    }

    private func again(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + 1, execute: body)
    }
}
