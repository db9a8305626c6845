// How a subcommand that talks to a server finds it: `--server URL` or REPRISE_URL, else `server.json` in the data folder; the token likewise.

import Foundation
import RepriseClient

enum ClientOptions {
    static let flags: [Arguments.Flag] = [.value("--server", "URL"), .value("--data", "DIR"), .value("--token-file", "FILE")]
    static let usage = """
          --server URL       the server (or REPRISE_URL; else the running one of the data folder)
          --data DIR         the data folder (default: $XDG_DATA_HOME/reprise)
          --token-file FILE  the token (or REPRISE_TOKEN; else the data folder's)
        """

    static func client(_ arguments: Arguments) throws -> RepriseClient {
        let folder = DataFolder(arguments["--data"])
        guard let url = arguments["--server"] ?? ProcessInfo.processInfo.environment["REPRISE_URL"] ?? ServerFile.read(folder)?.url else {
            throw Failure("no server is running on \(folder.path)", hint: "start one with: reprise serve")
        }
        let hasToken = FileManager.default.fileExists(atPath: folder.path + "/token")
        let isGiven = arguments["--token-file"] != nil || ProcessInfo.processInfo.environment["REPRISE_TOKEN"] != nil
        guard hasToken || isGiven else { throw Failure("no token for \(url)", hint: "give one with --token-file FILE or REPRISE_TOKEN") }
        return try RepriseClient(url: url, token: folder.token(file: arguments["--token-file"]))
    }
}
