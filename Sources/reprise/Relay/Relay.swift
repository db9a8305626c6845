// The whole relay in one process: log, sessions, ingest on the upstream loop, server on its own loops. Built from the ground up and taken
// down in the opposite order, so that nobody talks to what is gone.

import EventLog
import Foundation
import Ingest
import OpenCode
import Reactor
import RelayProtocol
import Server
import Sessions

final class Relay: Sendable {
    let server: Server
    private let log: EventLog
    private let upstream: LoopThread
    private let agency: UpstreamAgency

    /// Opens the log and listens; OpenCode is looked for beside it, whatever it does. `refused`: what was found cannot be used as the flags want
    /// it; called on another thread.
    static func start(
        _ options: RelayOptions, token: String, logger: Logger, refused: @escaping @Sendable (String) -> Void
    ) throws -> Relay {
        let counters = Counters()
        let log = try openLog(options, counters, logger)
        let status = UpstreamStatus()
        let agency = UpstreamAgency()
        let notes = Mailbox<CommandNote>(capacity: 1 << 16)
        let commands = CommandService(log: log, identifiers: agency.identifiers) { _ = notes.post(always: $0) }
        let services = Services(
            log: log, commands: commands, roots: options.directories, assets: PageAssets.assets, counters: counters, logger: logger,
            open: agency.opener.open, upstream: { status.state.json })
        let server = try listen(options, token: token, services)
        let upstream = EventLoop.spawn(name: "upstream") { loop in
            let locator = UpstreamSource.locator(loop, options, logger, refused: refused)
            let agent = UpstreamAgent(
                loop: loop, log: log, commands: commands, notes: notes, agency: agency, status: status, locator: locator, logger: logger)
            agent.start()
            agency.onStop(loop) { done in agent.stop(done) }
        }
        return Relay(server: server, log: log, upstream: upstream, agency: agency)
    }

    private static func openLog(_ options: RelayOptions, _ counters: Counters, _ logger: Logger) throws -> EventLog {
        let clock = ForwardWallClock()
        var logOptions = LogOptions { clock.now }
        logOptions.counters = counters
        return try EventLog.open(folder: options.folder.path, options: logOptions, projection: { SessionProjection() }, logger: logger)
    }

    /// Without a server the log is closed again.
    private static func listen(_ options: RelayOptions, token: String, _ services: Services) throws -> Server {
        var serverOptions = options.server
        serverOptions.token = token
        do {
            return try Server.start(serverOptions, services: services)
        } catch {
            services.log.close()
            throw Failure(
                "cannot listen on \(options.server.listen): \(error)",
                hint: error.isAddressInUse ? "is another reprise running? --listen HOST:0 takes any free port" : nil)
        }
    }

    private init(server: Server, log: EventLog, upstream: LoopThread, agency: UpstreamAgency) {
        self.server = server
        self.log = log
        self.upstream = upstream
        self.agency = agency
    }

    /// Where it listens, as a browser is told.
    var url: String { "http://\(server.boundAddress)" }

    /// Tells every client when to come back, flushes, closes; then ingest, then the log. `unlocking` is called before the log's folder is free.
    func drain(unlocking: () -> Void) {
        let drained = BlockingQueue<Void>()
        server.drain { drained.post(always: ()) }
        _ = drained.take()
        agency.stop()
        upstream.stop()
        upstream.join()
        server.stop()
        unlocking()
        log.close()
    }
}
