// What every subcommand is: a name, a usage text, and something to run. One file each.

import Reactor

protocol Subcommand: SendableMetatype {
    static var name: String { get }
    /// One line for the list.
    static var summary: String { get }
    /// The whole help, with an example.
    static var usage: String { get }
    /// It drains on SIGTERM, SIGINT and SIGHUP instead of ending at once.
    static var handlesSignals: Bool { get }
    /// On the main thread. A server must not use tasks: once one has run, their executor wakes up every second for ever.
    static func run(_ words: [String]) throws
}

/// One that asks a server and ends.
protocol AskingSubcommand: Subcommand {
    static func ask(_ words: [String]) async throws
}

extension AskingSubcommand {
    static func run(_ words: [String]) throws {
        let outcome = BlockingQueue<Result<Void, any Error>>()
        Task.detached {
            do {
                try await ask(words)
                outcome.post(always: .success(()))
            } catch { outcome.post(always: .failure(error)) }
        }
        try outcome.take()?.get()
    }
}

extension Subcommand {
    static var handlesSignals: Bool { false }
}
