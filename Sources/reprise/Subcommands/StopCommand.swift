import RepriseClient
import Wire

/// `reprise stop`: ends the turn that runs.
enum StopCommand: AskingSubcommand {
    static let name = "stop"
    static let summary = "stop what a session is doing"
    static let usage = """
        usage: reprise stop SESSION [flags]

        Ends when it has stopped. Exits with 1 if OpenCode has not stopped it after five seconds.

        \(ClientOptions.usage)
        """

    /// Five seconds.
    private static let looks = 50

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
        let command = try await client.outcome(of: accepted, in: session, looks: looks)
        if let why = command["error"]?["detail"]?.string { throw Failure(why) }
        guard let result = command["result"] else { throw Failure("OpenCode has not stopped it yet") }
        if result["stopped"]?.bool == false { complain("nothing was running") }
    }
}
