import Foundation
import RepriseClient
import Wire

/// `reprise send`: one prompt.
enum SendCommand: AskingSubcommand {
    static let name = "send"
    static let summary = "send a prompt to a session"
    static let usage = """
        usage: reprise send SESSION TEXT [flags]

        Sends TEXT to the session (`-`: from standard input) and prints the session's id when OpenCode has it, or after two seconds: then the
        server goes on trying. SESSION may be `new`: a session is created in the directory where the server was started, or in --directory.

          --directory DIR    where a new session works
          --patience SECONDS how long the server is tried again (default: 30)
        \(ClientOptions.usage)

        example: reprise send new "what does this project do?"
        """

    static func ask(_ words: [String]) async throws {
        let flags = ClientOptions.flags + [ClientOptions.patience, .value("--directory", "DIR")]
        let arguments = try Arguments(words, flags: flags, operands: ["SESSION", "TEXT"])
        let lost = LostAnswer()
        let client = try ClientOptions.client(arguments, lost: lost)
        defer { client.close() }
        // Before a session is made for it.
        let text = try prompt(arguments.operands[1])
        guard arguments.operands[0] == "new" else { return try await send(text, to: arguments.operands[0], client, lost) }
        // The server has a working directory of its own.
        let directory = arguments["--directory"].map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        let session = try await create(in: directory, client, lost)
        do { try await send(text, to: session, client, lost) } catch {
            complain("the new session is \(session)")
            throw error
        }
    }

    private static func prompt(_ operand: String) throws(Failure) -> String {
        var text = operand
        if text == "-" {
            guard let read = String(validating: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) else {
                throw Failure("standard input is not UTF-8")
            }
            text = read
        }
        guard text.contains(where: { !$0.isWhitespace }) else { throw Failure("the prompt is empty, or white space only") }
        return text
    }

    private static func send(_ text: String, to session: String, _ client: RepriseClient, _ lost: LostAnswer) async throws {
        let accepted: [UInt8]
        do { accepted = try await client.prompt(session: session, text) } catch {
            throw lost.failure(error, look: "reprise tail \(session) --after earliest")
        }
        // It is on the server's disk: that nobody can say any more what became of it is no failure.
        let command = try? await client.outcome(of: accepted, in: session, looks: looks)
        if let why = command?["error"]?["detail"]?.string { throw Failure(why) }
        print(session)
    }

    /// OpenCode may need longer for a session than a person waits for a server that is not there.
    private static func create(in directory: String?, _ client: RepriseClient, _ lost: LostAnswer) async throws -> String {
        let id = RepriseClient.newID()
        var triesLeft = 5
        while true {
            triesLeft -= 1
            do { return try await client.create(directory: directory, id: id) } catch RepriseError.underWay(let what) where triesLeft > 0 {
                complain("\(what): waiting for it")
            } catch { throw lost.failure(error, look: "reprise sessions") }
        }
    }

    /// Two seconds.
    private static let looks = 20
}
