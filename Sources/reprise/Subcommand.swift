// What every subcommand is: a name, a usage text, and something to run. One file each.

protocol Subcommand {
    static var name: String { get }
    /// One line for the list.
    static var summary: String { get }
    /// The whole help, with an example.
    static var usage: String { get }
    /// It drains on SIGTERM and SIGINT instead of ending at once.
    static var handlesSignals: Bool { get }
    static func run(_ words: [String]) async throws
}

extension Subcommand {
    static var handlesSignals: Bool { false }
}

var subcommands: [any Subcommand.Type] {
    [
        ServeCommand.self, DemoCommand.self, SessionsCommand.self, TailCommand.self, SendCommand.self, StopCommand.self,
        PublishCommand.self, URLCommand.self, RebuildCommand.self,
    ]
}

/// The version that `--version` prints.
let version = "0.1.0"
