import Foundation
import OpenCode
import Reactor

/// `reprise serve`: the relay.
enum ServeCommand: Subcommand {
    static let name = "serve"
    static let summary = "run the relay"
    static let usage = """
        usage: reprise serve [flags]

        Follows OpenCode, keeps what it does, serves it. Prints one line on standard output when it accepts connections: the URL to open.
        Everything else goes to standard error. Ends with SIGTERM, SIGINT or its terminal: every client is told when to come back.

          --listen HOST:PORT      default 127.0.0.1:4100; port 0: any free one
          --data DIR              default $XDG_DATA_HOME/reprise
          --opencode WHERE        auto (default): the background service of 2.x, else the first opencode in PATH
                                  service:FILE, http://HOST:PORT (its password in OPENCODE_PASSWORD), or none
          --opencode-config FILE  for an OpenCode that reprise starts itself
          --directory DIR         a root under which sessions may be created (repeatable; default: the current directory)
          --token-file FILE       the token (or REPRISE_TOKEN; else made once and kept in the data folder)
          --public-url URL        how it is reached behind a proxy (repeatable)
          --allow-public          listen beyond loopback without TLS in front
          --loops N               event loops; default: one for each CPU
          --log-level LEVEL       debug, info, warning or error

        example: reprise serve --directory ~/src
        """

    static let handlesSignals = true

    static let flags: [Arguments.Flag] = [
        .value("--listen", "HOST:PORT"), .value("--data", "DIR"), .value("--opencode", "WHERE"), .value("--opencode-config", "FILE"),
        .value("--directory", "DIR", repeatable: true), .value("--token-file", "FILE"), .value("--public-url", "URL", repeatable: true),
        .switch("--allow-public"), .value("--loops", "N"), .value("--log-level", "LEVEL"),
    ]

    static func run(_ words: [String]) throws {
        let options = try RelayOptions(Arguments(words, flags: flags))
        try RelayProgram.run(options)
    }
}
