// What ingest asks of the log about sessions, answered by reads.

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
            let known = (try? result.get()) ?? ([], nil)
            done(known.0, known.1)
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
            done((try? result.get()) ?? LoadedSession(session: session, record: nil, held: FoldedSession(), isWhole: false))
        }
    }
}
