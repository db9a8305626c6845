// What must be known after a restart and does not follow from the log's fold: small JSON, headed by the generation. Of a record that
// another generation wrote only the directory counts.

import Wire

struct OpenCode2Record {
    var sequence: Int?
    var directory: String?
    /// An execution started after an interrupted turn, and nothing told yet whose it is.
    var isUndecided = false
    /// Something was declined in this run, and no step has begun since.
    var isDeclined = false
    var inbox = OpenCode2Inbox()

    init() {}

    init(_ bytes: [UInt8]) {
        guard let value = try? JSON.parse(bytes, depth: 512) else { return }
        directory = value["directory"]?.string
        guard value["generation"]?.string == OpenCode2.generation else { return }
        sequence = value["sequence"]?.int
        isUndecided = value["undecided"]?.bool == true
        isDeclined = value["declined"]?.bool == true
        inbox = OpenCode2Inbox(value["inbox"])
    }

    var bytes: [UInt8] {
        JSONWriter.object { writer in
            writer.member("generation", OpenCode2.generation)
            writer.member("sequence", sequence)
            writer.member("directory", directory)
            if isUndecided { writer.member("undecided", true) }
            if isDeclined { writer.member("declined", true) }
            inbox.write(to: &writer)
        }
    }
}
