import RepriseClient
import Wire

/// `reprise stop`: ends the turn that runs.
enum StopCommand: AskingSubcommand {
    static let name = "stop"
    static let summary = "stop what a session is doing"
    static let usage = """
        usage: reprise stop SESSION [flags]

        \(ClientOptions.usage)
        """

    static func ask(_ words: [String]) async throws {
        let arguments = try Arguments(words, flags: ClientOptions.flags, operands: 1...1)
        let client = try ClientOptions.client(arguments)
        defer { client.close() }
        _ = try await client.stop(session: arguments.operands[0])
    }
}
