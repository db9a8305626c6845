// What is stored with a session's topic, in the transaction of the events that taught it: the adapter's record, and what ingest itself must
// know after a restart. One letter, then (if there is something to note) `#`, a JSON object and LF, then the adapter's bytes.

import Wire

struct IngestRecord {
    /// The session's newest messages are in the log.
    var isImported: Bool
    var notes: SessionNotes
    var adapter: [UInt8]

    init(isImported: Bool, notes: SessionNotes, adapter: [UInt8]) {
        self.isImported = isImported
        self.notes = notes
        self.adapter = adapter
    }

    init(_ bytes: [UInt8]) {
        isImported = bytes.first == UInt8(ascii: "+")
        notes = SessionNotes()
        adapter = Array(bytes.dropFirst())
        guard adapter.first == UInt8(ascii: "#"), let end = adapter.firstIndex(of: UInt8(ascii: "\n")) else { return }
        notes = SessionNotes(Array(adapter[1..<end]))
        adapter.removeFirst(end + 1)
    }

    var bytes: [UInt8] {
        var all = [UInt8(ascii: isImported ? "+" : "-")]
        if !notes.isEmpty { all += [UInt8(ascii: "#")] + notes.json + [UInt8(ascii: "\n")] }
        return all + adapter
    }
}

/// What ingest notes of a session beside the adapter's record.
struct SessionNotes: Sendable, Equatable {
    /// Objects remembered; beyond, the oldest is forgotten and may be told of once more.
    static let oversizeLimit = 64
    /// What was too large to be logged and was told of: a word and an id each.
    private(set) var oversize: [String] = []
    /// The message behind which something is missing: a read failed after an outage, and the session was followed on. Empty: from the
    /// beginning.
    var wholeThrough: String?
    /// The row's `updated` as upstream gave it with the last read (ms since 1970): while its list says the same there is nothing to read.
    var updated: Int?
    /// A read was wanted, or under way, and its outcome is not in the log yet.
    var isReadOwed = false

    init() {}

    init(_ json: [UInt8]) {
        let value = try? JSON.parse(json)
        oversize = value?["oversize"]?.items.compactMap(\.string) ?? []
        wholeThrough = value?["whole_through"]?.string
        updated = value?["updated"]?.int
        isReadOwed = value?["read_owed"]?.bool == true
    }

    var isEmpty: Bool { oversize.isEmpty && wholeThrough == nil && updated == nil && !isReadOwed }

    var json: [UInt8] {
        JSONWriter.object { writer in
            if !oversize.isEmpty { writer.member("oversize", strings: oversize) }
            writer.member("whole_through", wholeThrough)
            writer.member("updated", updated)
            if isReadOwed { writer.member("read_owed", true) }
        }
    }

    /// False if it was told of before.
    mutating func tell(oversize name: String) -> Bool {
        guard !oversize.contains(name) else { return false }
        oversize.append(name)
        if oversize.count > Self.oversizeLimit { oversize.removeFirst() }
        return true
    }
}
