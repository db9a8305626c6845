// What the log would hold: records and folds of what was committed.

import EventLog
import Ingest
import RelayProtocol

struct LogModel {
    private var folded: [String: FoldedSession] = [:]
    private var records: [String: [UInt8]] = [:]

    var anySession: String { folded.keys.min() ?? "ses_1" }
    var sessions: [FoldedSession] { Array(folded.values) }

    var known: KnownLog {
        let sessions = folded.keys.sorted().map {
            KnownSession(id: $0, isBusy: folded[$0]?.status == .busy, isImported: records[$0] != nil)
        }
        return KnownLog(sessions: sessions, newest: 1_795_000_000_000, record: records[TopicName.opencode.text])
    }

    mutating func commit(_ appends: [Append]) {
        for append in appends {
            if let record = append.record { records[append.topic.text] = record }
            guard append.topic.kind == .session else { continue }
            for event in append.events { folded[append.topic.text, default: FoldedSession()].apply(event) }
        }
    }

    func loaded(_ load: SessionLoad) -> LoadedSession {
        var held = folded[load.session] ?? FoldedSession()
        let earlier = held.messages.filter { message in
            load.before.map { MessagePlace(created: message.created, id: message.id) < $0 } ?? true
        }
        held.messages = Array(earlier.suffix(load.messages))
        return LoadedSession(load, record: records[load.session], held: held)
    }
}
