import EventLog
import Sessions

/// `reprise rebuild`: the projection, from the log alone.
enum RebuildCommand: Subcommand {
    static let name = "rebuild"
    static let summary = "derive the sessions' state anew from the log"
    static let usage = """
        usage: reprise rebuild [--data DIR]

        Removes every row that is derived from the log and derives it again. The log itself, blobs and commands stay as they are. Needs the data
        folder for itself: end the server first.
        """

    static func run(_ words: [String]) throws {
        let arguments = try Arguments(words, flags: [.value("--data", "DIR")])
        let folder = DataFolder(arguments["--data"])
        do {
            let count = try EventLog.rebuild(folder: folder.path, projection: SessionProjection())
            complain("rebuilt \(count) session\(count == 1 ? "" : "s")")
        } catch { throw Failure(error.description, hint: error.hint) }
    }
}
