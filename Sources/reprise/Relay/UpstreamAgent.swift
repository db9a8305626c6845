// Everything that talks to OpenCode, on one loop: the line, ingest, and the runner of commands. Confined to that loop.

import EventLog
import Ingest
import OpenCode
import Reactor
import RelayProtocol
import Sessions

final class UpstreamAgent {
    private let loop: EventLoop
    private let agency: UpstreamAgency
    private let link: UpstreamLink
    private let ingest: Ingest
    private let runner: CommandRunner
    private let notes: Mailbox<CommandNote>

    init(
        loop: EventLoop, log: EventLog, commands: CommandService, notes: Mailbox<CommandNote>, agency: UpstreamAgency,
        status: UpstreamStatus,
        locator: any UpstreamLocator, logger: Logger
    ) {
        self.loop = loop
        self.agency = agency
        self.notes = notes
        let link = UpstreamLink(loop: loop, locator: locator, status: status, logger: logger)
        let ingest = Ingest(loop: loop, log: log, memory: StoredSessions(log: log), link: link, opener: agency.opener, logger: logger)
        self.link = link
        self.ingest = ingest
        runner = CommandRunner(
            log: log, commands: commands,
            hooks: CommandRunner.Hooks(
                send: { request, done in link.send([request], for: .acting) { done($0.first ?? .unreachable(mayHaveArrived: true)) } },
                after: { duration, body in _ = loop.schedule(after: duration, body) },
                exchange: { link.adapter?.perform($0, identifiers: $1, checkpoint: $2, settling: $3) },
                now: log.now,
                post: { _ = notes.post(always: $0) },
                acting: { object, session, by in ingest.acting(on: object, in: session, by: by) },
                acted: { object, succeeded in ingest.acted(on: object, succeeded: succeeded) },
                closing: { ingest.closing(of: $0) },
                prompted: { session, sentAt in ingest.prompted(session, sentAt: sentAt) },
                created: { session, done in ingest.created(session, done) }))
    }

    func start() {
        loop.attach(notes) { [runner] notes in for note in notes { runner.receive(note) } }
        link.onAdapter = { [agency, runner] adapter in
            agency.set(adapter: adapter)
            if adapter != nil { runner.upstreamIsBack() }
        }
        ingest.start()
        runner.start()
    }

    /// `done` when nothing of ours talks to OpenCode any more.
    func stop(_ done: @escaping () -> Void) {
        agency.set(adapter: nil)
        ingest.stop(done)
    }
}
