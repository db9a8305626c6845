import Foundation

/// `reprise demo`: the relay with an OpenCode that plays scripts.
enum DemoCommand: Subcommand {
    static let name = "demo"
    static let summary = "run the relay with a scripted OpenCode"
    static let usage = """
        usage: reprise demo [--listen HOST:PORT]
        """
    static let handlesSignals = true

    static func run(_ words: [String]) async throws { throw Failure("not yet") }
}
