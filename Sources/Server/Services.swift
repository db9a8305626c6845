// What the routes of all loops share. Safe to use from any thread; answers come on other threads and go back through a `Responder`.

import EventLog
import Reactor
import Sessions

public struct Services: Sendable {
    public let log: EventLog
    public let commands: CommandService
    /// Directories under which sessions may be created, links resolved.
    public let roots: [String]
    /// Has a session's newest messages imported; `done` gets whether they are there.
    public let open: @Sendable (_ session: String, _ done: @escaping @Sendable (Bool) -> Void) -> Void
    /// How it stands with OpenCode: a JSON value.
    public let upstream: @Sendable () -> [UInt8]
    public let assets: Assets
    public let counters: Counters
    public let logger: Logger

    public init(
        log: EventLog, commands: CommandService, roots: [String], assets: Assets, counters: Counters, logger: Logger,
        open: @escaping @Sendable (_ session: String, _ done: @escaping @Sendable (Bool) -> Void) -> Void,
        upstream: @escaping @Sendable () -> [UInt8]
    ) {
        self.log = log
        self.commands = commands
        self.roots = roots
        self.assets = assets
        self.counters = counters
        self.logger = logger
        self.open = open
        self.upstream = upstream
    }
}

/// The page's files by path.
public struct Assets: Sendable {
    public struct File: Sendable {
        public let type: String
        public let bytes: [UInt8]
        /// Quoted, from the bytes.
        public let tag: String

        public init(type: String, bytes: [UInt8], tag: String) {
            self.type = type
            self.bytes = bytes
            self.tag = tag
        }
    }

    public let files: [String: File]
    public init(files: [String: File] = [:]) { self.files = files }
}
