import Foundation
import RepriseClient

/// `reprise send`: one prompt.
enum SendCommand: AskingSubcommand {
    static let name = "send"
    static let summary = "send a prompt to a session"
    static let usage = """
        usage: reprise send SESSION TEXT [flags]

        Sends TEXT to the session (`-`: from standard input) and ends when it is accepted. SESSION may be `new`: a session is created in
        the directory where the server was started, or in --directory.

          --directory DIR    where a new session works
        \(ClientOptions.usage)

        example: reprise send new "what does this project do?"
        """

    static func ask(_ words: [String]) async throws {
        let arguments = try Arguments(words, flags: ClientOptions.flags + [.value("--directory", "DIR")], operands: ["SESSION", "TEXT"])
        let client = try ClientOptions.client(arguments)
        defer { client.close() }
        var text = arguments.operands[1]
        if text == "-" {
            guard let read = String(validating: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) else {
                throw Failure("standard input is not UTF-8")
            }
            text = read
        }
        // Before a session is made for it.
        guard text.contains(where: { !$0.isWhitespace }) else { throw Failure("the prompt is empty, or white space only") }
        var session = arguments.operands[0]
        if session == "new" {
            // The server has a working directory of its own.
            let directory = arguments["--directory"].map { URL(fileURLWithPath: $0).standardizedFileURL.path }
            session = try await create(in: directory, client)
        }
        _ = try await client.prompt(session: session, text)
        print(session)
    }

    /// OpenCode may need longer for a session than a person waits for a server that is not there.
    private static func create(in directory: String?, _ client: RepriseClient) async throws -> String {
        let id = RepriseClient.newID()
        for _ in 1..<tries {
            do { return try await client.create(directory: directory, id: id) } catch RepriseError.underWay(let what) {
                complain("\(what): waiting for it")
            }
        }
        return try await client.create(directory: directory, id: id)
    }

    private static let tries = 5
}
