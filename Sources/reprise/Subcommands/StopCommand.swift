import RepriseClient
import Wire

/// `reprise stop`: ends the turn that runs.
enum StopCommand: AskingSubcommand {
    static let name = "stop"
    static let summary = "stop what a session is doing"
    static let usage = """
        usage: reprise stop SESSION [flags]

        Ends when it has stopped, or after five seconds with a word that it has not yet.

        \(ClientOptions.usage)
        """

    private static let tries = 50
    private static let pause = Duration.milliseconds(100)

    static func ask(_ words: [String]) async throws {
        let arguments = try Arguments(words, flags: ClientOptions.flags, operands: ["SESSION"])
        let lost = LostAnswer()
        let client = try ClientOptions.client(arguments, lost: lost)
        defer { client.close() }
        let session = arguments.operands[0]
        let accepted: [UInt8]
        do { accepted = try await client.stop(session: session) } catch {
            throw lost.failure(error, look: "reprise sessions")
        }
        var command = try JSON.parse(accepted)
        let path = "/v1/sessions/\(PercentEncoding.encode(session))/commands/\(command["id"]?.string ?? "")"
        for _ in 0..<tries where command["result"] == nil && command["error"] == nil {
            try await Task.sleep(for: pause)
            command = try JSON.parse(try await client.get(path))
        }
        if let why = command["error"]?["detail"]?.string { throw Failure(why) }
        if command["result"] == nil { complain("OpenCode has not stopped it yet") }
        if command["result"]?["stopped"]?.bool == false { complain("nothing was running") }
    }
}
