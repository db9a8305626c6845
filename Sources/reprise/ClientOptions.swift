// How a subcommand that talks to a server finds it: `--server URL` or REPRISE_URL, else `server.json` in the data folder; the token likewise.

import Foundation
import RepriseClient
import Synchronization

enum ClientOptions {
    static let flags: [Arguments.Flag] = [.value("--server", "URL"), .value("--data", "DIR"), .value("--token-file", "FILE")]
    static let usage = """
          --server URL       the server (or REPRISE_URL; else the running one of the data folder)
          --data DIR         the data folder (default: $XDG_DATA_HOME/reprise)
          --token-file FILE  the token (or REPRISE_TOKEN; else the data folder's, for its own server, or for another one with --data)
        """

    /// Of the subcommands that send a command.
    static let patience = Arguments.Flag.value("--patience", "SECONDS")

    /// - Parameters:
    ///   - patience: where the command line says nothing else.
    ///   - lost: notes whether a command that fails may have been taken.
    static func client(
        _ arguments: Arguments, patience: Duration = .seconds(30), lost: LostAnswer = LostAnswer()
    ) throws -> RepriseClient {
        let patience = try arguments.number("--patience", 1...86_400).map { Duration.seconds($0) } ?? patience
        let folder = DataFolder(arguments["--data"])
        let named = arguments["--server"] ?? ProcessInfo.processInfo.environment["REPRISE_URL"]
        let url = try named ?? ServerFile.ofRunning(folder).url
        let token = try Self.token(arguments, folder, for: url, isNamed: named != nil)
        do {
            return try RepriseClient(url: url, token: token, options: options(patience, lost))
        } catch {
            guard case .badURL = error, arguments["--server"] != nil else { throw error }
            throw UsageError("--server wants http://HOST:PORT, with a path if it is behind one, not “\(url)”")
        }
    }

    static func options(_ patience: Duration, _ lost: LostAnswer) -> RepriseOptions {
        var options = RepriseOptions()
        options.commandTimeout = patience
        options.onLostAnswer = { lost.note() }
        let told = Mutex("")
        options.onWait = { error in
            let isNews = told.withLock { last in
                defer { last = error.failure.reason }
                return last != error.failure.reason
            }
            if isNews { complain("\(error.failure.reason): trying again") }
        }
        return options
    }

    /// The data folder's token is for the folder's own server: to another one it goes, in clear text, only where a person names the folder.
    private static func token(_ arguments: Arguments, _ folder: DataFolder, for url: String, isNamed: Bool) throws(Failure) -> String {
        let isGiven = arguments["--token-file"] != nil || ProcessInfo.processInfo.environment["REPRISE_TOKEN"] != nil
        let isOwn = !isNamed || arguments["--data"] != nil || (try? ServerFile.ofRunning(folder))?.isAt(url) == true
        let hasToken = FileManager.default.fileExists(atPath: folder.path + "/token")
        guard isGiven || isOwn && hasToken else {
            let own = hasToken ? "; the one of \(folder.path) goes to its own server, or with --data \(folder.path)" : ""
            throw Failure("no token for \(url)", hint: "give one with --token-file FILE or REPRISE_TOKEN\(own)")
        }
        return try folder.token(file: arguments["--token-file"])
    }
}

extension RepriseError {
    /// For a person at a terminal.
    var failure: Failure {
        switch self {
        case .problem(let status, let code, let detail): Failure("\(detail) (\(status) \(code))")
        case .badURL(let url): Failure("“\(url)” is no server's URL", hint: "http://HOST:PORT, with a path if it is behind one")
        case .underWay(let what): Failure(what, hint: "it may come yet: look at the list later")
        case .unreachable(let reason): Failure("no answer: \(reason)", hint: "is the server running? start one with: reprise serve")
        case .badAnswer(let reason): Failure("this is no Reprise server: \(reason)")
        case .closed: Failure("the client was closed")
        }
    }
}
