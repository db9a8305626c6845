// What must be known after a restart and does not follow from the log's fold: small JSON, headed by the generation. Of a record that
// another generation wrote only the directory counts.

import Wire

struct OpenCode2Record {
    /// Whose record it is: another generation's says nothing here.
    static let generation = "opencode-2"
    /// It holds values of upstream, below names of its own.
    static let depth = 512

    var sequence: Int?
    var directory: String?
    /// An execution started after an interrupted turn, and nothing told yet whose it is.
    var isUndecided = false
    /// Something was declined in this run, and no step has begun since.
    var isDeclined = false
    /// What of the row was heard and not said.
    var waiting: Waiting?
    /// Snapshots at the start of steps that are open, by message: JSON strings.
    var snapshots: [(message: String, hash: [UInt8])] = []
    var inbox = OpenCode2Inbox()

    struct Waiting {
        /// ms since 1970.
        var updated: Int
        var cost: [UInt8]?
        var tokens: [UInt8]?
    }

    init() {}

    init(_ bytes: [UInt8]) {
        guard let value = try? JSON.parse(bytes, depth: Self.depth) else { return }
        directory = value["directory"]?.string
        guard value["generation"]?.string == Self.generation else { return }
        sequence = value["sequence"]?.int
        isUndecided = value["undecided"]?.bool == true
        isDeclined = value["declined"]?.bool == true
        if let row = value["row"], let updated = row["updated"]?.int {
            waiting = Waiting(updated: updated, cost: row["cost"].bytes, tokens: row["tokens"].bytes)
        }
        snapshots = value["snapshots"]?.members.map { ($0.key, Array($0.value.raw)) } ?? []
        inbox = OpenCode2Inbox(value["inbox"])
    }

    var bytes: [UInt8] {
        JSONWriter.object { writer in
            writer.member("generation", Self.generation)
            writer.member("sequence", sequence)
            writer.member("directory", directory)
            if isUndecided { writer.member("undecided", true) }
            if isDeclined { writer.member("declined", true) }
            writeWaiting(&writer)
            if !snapshots.isEmpty {
                writer.key("snapshots")
                writer.object { writer in
                    for (message, hash) in snapshots {
                        writer.key(named: message)
                        writer.raw(hash)
                    }
                }
            }
            inbox.write(to: &writer)
        }
    }

    private func writeWaiting(_ writer: inout JSONWriter) {
        guard let waiting else { return }
        writer.key("row")
        writer.object { writer in
            writer.member("updated", waiting.updated)
            writer.member("cost", raw: waiting.cost)
            writer.member("tokens", raw: waiting.tokens)
        }
    }
}
