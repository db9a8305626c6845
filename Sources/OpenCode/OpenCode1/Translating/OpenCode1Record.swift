// What must be known after a restart and does not follow from the log's fold: small JSON, headed by the generation. Of a record that
// another generation wrote only the directory counts.

import Wire

struct OpenCode1Record: Equatable {
    /// Whose record it is: another generation's says nothing here.
    static let generation = "opencode-1"

    /// The last `seq` of the session that was heard.
    var sequence: Int?
    var directory: String?
    /// Prompts since the last end of a turn, which the next turn takes up.
    var prompts: [String] = []
    /// The session was created before our eyes: nothing of it is older than what was heard.
    var isWhole = false
    var run = OpenCode1Run()

    init() {}

    init(_ bytes: [UInt8]) {
        guard let value = try? JSON.parse(bytes) else { return }
        directory = value["directory"]?.string
        guard value["generation"]?.string == Self.generation else { return }
        sequence = value["seq"]?.int
        isWhole = value["whole"]?.bool == true
        prompts = value["prompts"]?.items.compactMap(\.string) ?? []
        run.isAborted = value["aborted"]?.bool == true
        run.error = (value["error"]?.raw).map { Array($0) }
        run.stoppingSince = value["stopping"]?.int.map { Int64($0) }
        run.unfinished = value["unfinished"]?.int ?? 0
    }

    var bytes: [UInt8] {
        JSONWriter.object { writer in
            writer.member("generation", Self.generation)
            writer.member("seq", sequence)
            writer.member("directory", directory)
            if isWhole { writer.member("whole", true) }
            if !prompts.isEmpty { writer.member("prompts", strings: prompts) }
            if run.isAborted { writer.member("aborted", true) }
            writer.member("error", raw: run.error)
            writer.member("stopping", run.stoppingSince.map { Int($0) })
            if run.unfinished > 0 { writer.member("unfinished", run.unfinished) }
        }
    }
}
