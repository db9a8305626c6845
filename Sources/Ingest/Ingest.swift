// The ingest component on the upstream loop: it finds OpenCode, opens its stream, and carries out what the pure `IngestMachine` decides.
// Confined to the upstream loop's thread; answers from the log's threads come back through its mailbox.

import EventLog
import OpenCode
import Reactor
import RelayProtocol
import Wire

/// What ingest asks of those who keep sessions. Called on the upstream loop; answers may come on any thread.
public protocol SessionMemory: Sendable {
    func known(_ done: @escaping @Sendable (KnownLog) -> Void)
    func load(_ load: SessionLoad, _ done: @escaping @Sendable (LoadedSession) -> Void)
}

public final class Ingest {
    enum Command: Sendable {
        case input(IngestMachine.Input)
        case open(session: String, done: @Sendable (Bool) -> Void)
    }

    let loop: EventLoop
    private let log: EventLog
    private let memory: any SessionMemory
    private let logger: Logger
    private let mailbox: Mailbox<Command>
    private var machine = IngestMachine()
    private let link: UpstreamLink
    private var tickets: [Int: @Sendable (Bool) -> Void] = [:]
    private var nextTicket = 1
    private var wakeTimer: (at: Int64, token: TimerToken)?
    private var isFlushDue = false
    private var isStarted = false
    private var isStopped = false
    /// Asked for before it is known what the log has.
    private var early: [Command] = []
    /// Called when the log has all that was said.
    private var whenSettled: (() -> Void)?

    /// `link` finds OpenCode and talks to it; nil-location (`none`) is the link's business too. `opener` is the way in for other threads.
    public init(loop: EventLoop, log: EventLog, memory: any SessionMemory, link: UpstreamLink, opener: SessionOpener, logger: Logger) {
        self.loop = loop
        self.log = log
        self.memory = memory
        self.link = link
        self.logger = logger
        mailbox = opener.mailbox
    }

    /// Reads what the log knows, then connects.
    public func start() {
        loop.attach(mailbox) { [unowned self] commands in for command in commands { handle(command) } }
        link.onEvent = { [unowned self] event in handle(event) }
        link.hasGreeted = { [unowned self] in machine.isLive }
        recall()
    }

    private func recall() {
        let mailbox = mailbox
        memory.known { log in _ = mailbox.post(always: .input(.known(log))) }
    }

    /// Stops following. `done` when a child of ours has ended and the log has all that was said: that goes batch by batch, each when the one
    /// before it is committed.
    public func stop(_ done: @escaping () -> Void) {
        isStopped = true
        handleEarly()
        feed(.stopping)
        link.stop { [unowned self] in
            whenSettled = done
            finishStopping()
        }
    }

    private func finishStopping() {
        guard machine.isSettled, let done = whenSettled else { return }
        whenSettled = nil
        done()
    }

    /// `by` acts on `object` (a card of `session`, a prompt's message): if that succeeds, the event that tells of it will say so.
    public func acting(on object: String, in session: String?, by: String) {
        feed(.acting(object: object, session: session, by: by))
    }

    /// What was acted on is as it was to be, or the act was refused.
    public func acted(on object: String, succeeded: Bool) { feed(.acted(object: object, succeeded: succeeded)) }

    /// The event by which the stream has closed a card since somebody acts on it, as it was told.
    public func closing(of card: String) -> [UInt8]? { machine.closing(of: card) }

    /// OpenCode made a session for us: `done` once the log has its row.
    public func created(_ session: String, _ done: @escaping @Sendable () -> Void) {
        tickets[nextTicket] = { _ in done() }
        feed(.created(session: session, ticket: nextTicket))
        nextTicket += 1
    }

    /// OpenCode accepted a prompt for this session, which was sent then (ms since 1970).
    public func prompted(_ session: String, sentAt: Int64) { feed(.prompted(session: session, sentAt: sentAt)) }

    private func handle(_ command: Command) {
        switch command {
        case .input(let input):
            feed(input)
            if case .known = input, !isStopped, !isStarted {
                isStarted = true
                handleEarly()
                link.start()
            }
        case .open(_, let done) where isStopped: done(false)
        case .open where !isStarted: early.append(command)
        case .open(let session, let done):
            tickets[nextTicket] = done
            feed(.open(session: session, ticket: nextTicket))
            nextTicket += 1
        }
    }

    private func handleEarly() {
        let commands = early
        early = []
        for command in commands { handle(command) }
    }

    private func handle(_ event: UpstreamLink.Event) {
        switch event {
        case .subscribed(let adapter): feed(.subscribed(adapter))
        case .frame(let bytes): feed(.frame(bytes))
        case .oversizeFrame(let bytes): feed(.oversizeFrame(bytes: bytes))
        case .heard: feed(.heard)
        case .ended: feed(.streamEnded)
        }
    }

    private func feed(_ input: IngestMachine.Input) {
        for action in machine.receive(input, now: time()) { carryOut(action) }
        setWakeTimer()
        guard !isFlushDue else { return }
        isFlushDue = true
        loop.atEndOfTurn { [unowned self] in
            isFlushDue = false
            for action in machine.receive(.flush, now: time()) { carryOut(action) }
            finishStopping()
        }
    }

    /// The log's clock: what is waited for here is compared with what stands there. ms since 1970.
    private func time() -> Int64 { log.now() }

    private func setWakeTimer() {
        guard let at = machine.nextWake else { return }
        if let current = wakeTimer {
            if current.at <= at { return }
            loop.cancel(current.token)
        }
        let token = loop.schedule(after: .milliseconds(max(0, at - time()))) { [unowned self] in
            wakeTimer = nil
            feed(.woke)
        }
        wakeTimer = (at, token)
    }

    private func carryOut(_ action: IngestMachine.Action) {
        let mailbox = mailbox
        switch action {
        case .load(let load): memory.load(load) { _ = mailbox.post(always: .input(.loaded($0))) }
        case .recall(let pause): _ = loop.schedule(after: pause) { [unowned self] in recall() }
        case .send(let exchange, let requests):
            link.send(requests) { [unowned self] answers in feed(.answers(exchange: exchange, answers)) }
        case .wait(let exchange, let duration):
            _ = loop.schedule(after: duration) { [unowned self] in feed(.waited(exchange: exchange)) }
        case .append(let batch, let appends, let blobs):
            log.append(appends, blobs: blobs) { result in
                switch result {
                case .success: _ = mailbox.post(always: .input(.committed(batch: batch)))
                case .failure: _ = mailbox.post(always: .input(.refused(batch: batch)))
                }
            }
        case .pauseStream: link.pause()
        case .resumeStream: link.resume()
        case .reconnect(let reason): link.reconnect(reason: reason)
        case .opened(let ticket, let imported): tickets.removeValue(forKey: ticket)?(imported)
        case .warn(let text, let session): logger.warning("upstream", [("what", text), ("session", session ?? "-")])
        }
    }
}

/// Has sessions opened from any thread, also before there is an ingest to do it.
public struct SessionOpener: Sendable {
    let mailbox = Mailbox<Ingest.Command>(capacity: 1 << 20)

    public init() {}

    /// Has a session imported, if that was not done. `done` gets whether it is: at a start, once it is known what the log has.
    @Sendable public func open(_ session: String, _ done: @escaping @Sendable (Bool) -> Void) {
        _ = mailbox.post(always: .open(session: session, done: done))
    }
}
