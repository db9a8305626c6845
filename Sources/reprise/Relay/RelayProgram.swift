// A relay as a program: starts it, prints the line, waits for a signal, drains.

import EventLog
import Foundation
import Reactor

enum RelayProgram {
    /// `ready` is called with URL and token when connections are accepted.
    static func run(_ options: RelayOptions, ready: (String, String) -> Void = { _, _ in }) throws {
        let logger = Logger.standardError(level: options.logLevel)
        try options.folder.create()
        let token = try options.folder.token(file: options.tokenFile)
        let relay: Relay
        do {
            relay = try Relay.start(options, token: token, logger: logger)
        } catch let error as LogError { throw Failure(error.description, hint: error.hint) }
        let url = relay.url
        try ServerFile(url: url, pid: getpid()).write(options.folder)
        FileHandle.standardOutput.write(Data("\(url)/#token=\(token)\n".utf8))
        ready(url, token)
        let signal = nextSignal()
        logger.info("draining", [("signal", "\(signal)")])
        relay.drain()
        options.folder.remove(ServerFile.name)
    }

    /// SIGTERM or SIGINT, which `main` has blocked in every thread. Waits for it on this one.
    private static func nextSignal() -> Int32 {
        var caught: Int32 = 0
        EventLoop.run { loop in
            do {
                try loop.onSignal([SIGTERM, SIGINT]) { signal in
                    caught = signal
                    loop.stop()
                }
            } catch { loop.stop() }
        }
        return caught
    }
}
