import RepriseClient

/// `reprise tail`: follows a session (or a topic) and comes back after any interruption.
enum TailCommand: AskingSubcommand {
    static let name = "tail"
    static let summary = "follow a session or a topic"
    static let usage = """
        usage: reprise tail SESSION|TOPIC [--after POSITION] [--json] [flags]

        Prints a session's text as it streams, prompts behind `>`, tools and requests as lines; of other topics each event's payload. Begins with
        what a session asks now and what comes next, unless --after says otherwise. Interruptions are said on standard error and followed by
        the next event.

          --after POSITION   go on behind this position (`earliest`: from the first event that is kept)
          --json             the event lines, byte for byte
        \(ClientOptions.usage)

        example: reprise tail ses_… --after earliest --json
        """

    static func ask(_ words: [String]) async throws {
        let flags = ClientOptions.flags + [.value("--after", "POSITION"), .switch("--json")]
        let arguments = try Arguments(words, flags: flags, operands: ["SESSION|TOPIC"])
        let client = try ClientOptions.client(arguments)
        defer { client.close() }
        var printer = TailPrinter(isJSON: arguments.has("--json"), isSession: arguments.operands[0].hasPrefix("ses_"))
        for try await item in client.subscribe(to: arguments.operands[0], after: arguments["--after"]) { printer.show(item) }
    }
}
