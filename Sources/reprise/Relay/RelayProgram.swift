// A relay as a program: starts it, prints the line, waits for a signal or for a reason to give up, drains.

import EventLog
import Foundation
import Reactor

enum RelayProgram {
    private enum End {
        case signal(Int32)
        case refused(String)
    }

    /// `ready` is called with URL and token when connections are accepted; what comes by `refusals` ends it, as a failure.
    static func run(
        _ options: RelayOptions, refusals: Mailbox<String> = Mailbox(capacity: 1), ready: (String, String) -> Void = { _, _ in }
    ) throws {
        let logger = Logger.standardError(level: options.logLevel)
        var options = options
        options.server.connections = mostConnections()
        try options.folder.create()
        let token = try options.folder.token(file: options.tokenFile)
        let relay: Relay
        do {
            relay = try Relay.start(options, token: token, logger: logger) { _ = refusals.post(always: $0) }
        } catch let error as LogError { throw Failure(error.description, hint: error.hint) }
        let url = relay.url
        announce(url, options.folder, logger)
        FileHandle.standardOutput.write(Data("\(url)/#token=\(token)\n".utf8))
        ready(url, token)
        let end = waitForEnd(refusals)
        switch end {
        case .signal(let signal): logger.info("draining", [("signal", "\(signal)")])
        case .refused(let why): logger.info("draining", [("why", why)])
        }
        // Its name goes before the folder is free for another server, which has one of its own.
        relay.drain { options.folder.remove(ServerFile.name) }
        if case .refused(let why) = end { throw Failure(why) }
    }

    /// What the system lets us have open, less what the log, OpenCode and a child of ours want.
    private static func mostConnections() -> Int {
        let limit = DescriptorLimit.raise()
        return limit - min(64, limit / 2)
    }

    /// For the other subcommands. On a full disk what is stored can still be read: they are told where then.
    private static func announce(_ url: String, _ folder: DataFolder, _ logger: Logger) {
        do { try ServerFile(url: url, pid: getpid()).write(folder) } catch {
            let why = "\(error.reason): \(error.hint ?? "")"
            logger.error("the other subcommands do not find this server: give them --server and --data", [("url", url), ("why", why)])
        }
    }

    /// One of `Signals.ending`, which `main` has blocked in every thread, or a refusal. Waits for it on this one.
    private static func waitForEnd(_ refusals: Mailbox<String>) -> End {
        var end = End.signal(0)
        EventLoop.run { loop in
            loop.attach(refusals) { whys in
                // Who was told to end is not judged by what ended with it.
                if case .signal(0) = end, let why = whys.first { end = .refused(why) }
                loop.stop()
            }
            do {
                try loop.onSignal(Signals.ending) { signal in
                    end = .signal(signal)
                    loop.stop()
                }
            } catch { loop.stop() }
        }
        return end
    }
}
