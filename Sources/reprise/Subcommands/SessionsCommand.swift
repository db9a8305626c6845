import RepriseClient
import Wire

/// `reprise sessions`: the list.
enum SessionsCommand: AskingSubcommand {
    static let name = "sessions"
    static let summary = "list the sessions, newest activity first"
    static let usage = """
        usage: reprise sessions [--json] [flags]

          --json             one JSON object a line
        \(ClientOptions.usage)
        """

    static func ask(_ words: [String]) async throws {
        let arguments = try Arguments(words, flags: ClientOptions.flags + [.switch("--json")])
        let client = try ClientOptions.client(arguments)
        defer { client.close() }
        var cursor: String?
        repeat {
            let answer = try await client.get("/v1/sessions?limit=100" + (cursor.map { "&cursor=\($0)" } ?? ""))
            let body = try JSON.parse(answer)
            for entry in body["sessions"]?.items ?? [] {
                print(arguments.has("--json") ? String(decoding: entry.raw, as: UTF8.self) : line(entry))
            }
            cursor = body["cursor"]?.string
        } while cursor != nil
    }

    private static func line(_ entry: JSONValue) -> String {
        let waiting = (entry["waiting"]?["permissions"]?.int ?? 0) + (entry["waiting"]?["questions"]?.int ?? 0)
        let status = entry["gone"]?.bool == true ? "gone" : waiting > 0 ? "asks" : entry["status"]?.string ?? "idle"
        let columns = [entry["id"]?.string ?? "", status, entry["title"]?.string ?? "", entry["directory"]?.string ?? ""]
        return columns.map { String(decoding: TerminalText.shown($0, lines: false), as: UTF8.self) }.joined(separator: "\t")
    }
}
