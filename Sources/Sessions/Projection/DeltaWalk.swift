// The deltas that no row has yet, read from the log's own lines in the transaction that reads the rows. Whether a delta counts for a part is
// decided by offsets alone: it counts if it is later than what the part's row has. What it does to the part is left to the fold itself.

import EventLog
import RelayProtocol
import SQLite
import Wire

/// Deltas of one session between two offsets.
struct DeltaWalk {
    private struct Delta {
        var offset: UInt64
        var payload: JSONValue
    }

    private static let pageBytes = 256 * 1024
    private static let pageEvents = 4096

    /// The walk's end: later deltas are not in it.
    let through: UInt64
    private var deltas: [String: [Delta]] = [:]
    /// Those that deltas are for.
    var parts: [String] { Array(deltas.keys) }

    init(topic: TopicName, after: UInt64, through: UInt64, in snapshot: LogSnapshot) throws {
        self.through = through
        var reached = after
        while reached < through {
            let page = try snapshot.page(topic, after: reached, maxBytes: Self.pageBytes, maxEvents: Self.pageEvents)
            guard page.count > 0 else { return }
            var start = 0
            for (end, offset) in zip(page.ends, page.offsets) {
                if offset <= through { add(page.bytes[start..<Int(end)], offset) }
                start = Int(end)
            }
            reached = page.last.offset
        }
    }

    /// Event lines begin with `at` and `ts`, then the payload, whose first member is `type`: a look at the first bytes spares the scan.
    private mutating func add(_ line: ArraySlice<UInt8>, _ offset: UInt64) {
        guard LineHead.says(.delta, line), let payload = (try? JSON.parse(Array(line), depth: Limits.lineDepth))?["event"],
            let part = payload["part"]?.string
        else { return }
        deltas[part, default: []].append(Delta(offset: offset, payload: payload))
    }

    /// Appends what is later than the row; false if nothing is.
    func append(to row: inout PartRow) -> Bool {
        guard let later = deltas[row.part.id]?.filter({ $0.offset > row.through }), !later.isEmpty else { return false }
        var folded = FoldedSession()
        folded.messages = [FoldedMessage(id: "", created: 0, object: row.part.object, parts: [row.part])]
        for delta in later { folded.apply(payload: delta.payload) }
        guard let part = folded.messages.first?.parts.first else { return false }
        row.part = part
        row.through = through
        return true
    }

    /// Counts them as if they had just been heard.
    func count(in pending: inout PendingDeltas) {
        for (part, heard) in deltas { pending.heard(delta: part, bytes: heard.reduce(0) { $0 + $1.payload.range.count }) }
    }
}
