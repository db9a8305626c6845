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
    private let status: UpstreamStatus

    /// Opens the log and listens; OpenCode is looked for beside it, whatever it does.
    static func start(_ options: RelayOptions, logger: Logger) throws -> Relay {
        let counters = Counters()
        let log = try EventLog.open(folder: options.folder.path, options: LogOptions(), projection: { SessionProjection() }, logger: logger)
        let status = UpstreamStatus()
        let agency = UpstreamAgency()
        let notes = Mailbox<CommandNote>(capacity: 1 << 16)
        let desk = CommandDesk(log: log, identifiers: agency.identifiers) { _ = notes.post(always: $0) }
        let upstream = EventLoop.spawn(name: "upstream") { loop in
            let agent = UpstreamAgent(loop: loop, log: log, desk: desk, notes: notes, agency: agency, status: status, options: options, logger: logger)
            agent.start()
        }
        let sessions = SessionService(log: log, desk: desk, agency: agency, directories: options.directories)
        let server = try Server.start(
            options: options.server, log: log, desk: sessions, assets: PageAssets(), logger: logger, counters: counters,
            readiness: { status.state.readiness })
        return Relay(server: server, log: log, upstream: upstream, status: status)
    }

    private init(server: Server, log: EventLog, upstream: LoopThread, status: UpstreamStatus) {
        self.server = server
        self.log = log
        self.upstream = upstream
        self.status = status
    }

    /// Tells every client when to come back, flushes, closes; then ingest, then the log.
    func drain() async {
        await withCheckedContinuation { continuation in server.drain { continuation.resume() } }
        upstream.stop()
        upstream.join()
        log.close()
    }
}
