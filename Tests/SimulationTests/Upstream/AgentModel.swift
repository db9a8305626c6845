// The loop that talks to OpenCode: line, ingest and the runner of commands, each the real machine, with the log's threads at the other end of
// a mailbox. What it can do wrong on purpose is how tests see that the checks find it.

import OpenCode
import Reactor
import RelayProtocol
import Synchronization

@testable import EventLog
@testable import Ingest
@testable import Sessions

final class AgentModel {
    enum Fault { case healDoubled, commandTwice, replyTwice }

    enum Note: Sendable {
        case input(IngestMachine.Input)
        case command(CommandNote)
    }

    /// What the writer's thread asks of this loop.
    final class Agency: Sendable {
        private let state: Mutex<(adapter: (any UpstreamAdapter)?, random: SeededRandom)>

        init(_ random: SeededRandom) { state = Mutex((nil, random)) }

        func set(_ adapter: (any UpstreamAdapter)?) { state.withLock { $0.adapter = adapter } }

        func identifiers(_ command: UpstreamCommand, _ now: Int64) -> UpstreamIdentifiers? {
            state.withLock { state in
                var random: any RandomNumberGenerator = state.random.fork()
                return state.adapter.map {
                    UpstreamIdentifiers(generation: $0.generation, all: $0.identifiers(for: command, now: now, random: &random))
                }
            }
        }
    }

    let notes = SimulatedMailbox<Note>()
    let link: LinkModel
    let commands: CommandService
    private(set) var machine = IngestMachine()
    private let runner: CommandRunner
    private let life: (requests: SimulatedMailbox<MemoryRequest>, jobs: SimulatedMailbox<MemoryJob>)
    private unowned let simulation: Simulation
    private let fault: Fault?
    private var tickets: [Int: @Sendable (Bool) -> Void] = [:]
    private var lastTicket = 0
    private var wake: Int64?
    private let hooksHome: HooksHome
    private var isFlushDue = false
    private var hasBegun = false

    /// The hooks are made before the loop that they act on.
    private final class HooksHome {
        weak var agent: AgentModel?
    }

    init(_ openCode: OpenCodeModel, _ life: RelayInstance, fault: Fault?, simulation: Simulation) {
        (self.simulation, self.fault) = (simulation, fault)
        self.life = (life.log.requests, life.jobs)
        let (notes, home) = (notes, HooksHome())
        hooksHome = home
        link = LinkModel(openCode, simulation: simulation)
        let agency = Agency(simulation.random.fork())
        let store = MemoryCommands(requests: life.log.requests, jobs: life.jobs, repeatsReplies: fault == .replyTwice)
        commands = CommandService(
            store: store, identifiers: { agency.identifiers($0, $1) }, deliver: { notes.post(.command($0)) })
        runner = CommandRunner(
            store: store, commands: commands, hooks: Self.hooks(home, link, notes, fault, simulation), random: simulation.random.fork())
        home.agent = self
        link.onAdapter = { [unowned self] adapter in
            agency.set(adapter)
            if adapter != nil { runner.upstreamIsBack() }
        }
        link.onEvent = { [unowned self] in handle($0) }
    }

    private static func hooks(
        _ home: HooksHome, _ link: LinkModel, _ notes: SimulatedMailbox<Note>, _ fault: Fault?, _ simulation: Simulation
    ) -> CommandRunner.Hooks {
        CommandRunner.Hooks(
            send: { [weak link] request, done in link?.send([request]) { done($0.first ?? .unreachable(mayHaveArrived: true)) } },
            after: { [unowned simulation] time, body in
                simulation.timers.add(at: simulation.now + Int64(time / .milliseconds(1)) + 1) {
                    guard let agent = home.agent else { return }
                    body()
                    agent.flush()
                }
            },
            exchange: { [weak link] in
                link?.adapter?.perform($0, identifiers: $1, checkpoint: $2, settling: $3 && fault != .commandTwice)
            },
            now: { [unowned simulation] in simulation.now },
            post: { notes.post(.command($0)) },
            acting: { home.agent?.feed(.acting(object: $0, session: $1, by: $2)) },
            acted: { home.agent?.feed(.acted(object: $0, succeeded: $1)) },
            closing: { home.agent?.machine.closing(of: $0) },
            prompted: { home.agent?.feed(.prompted(session: $0, sentAt: $1)) },
            created: { home.agent?.created($0, $1) })
    }

    func start() {
        recall()
        runner.start()
    }

    private func recall() {
        let notes = notes
        life.jobs.post { disk, _ in
            let known = disk.knownLog
            return { notes.post(.input(.known(known))) }
        }
    }

    // Turns.

    var hasWork: Bool { !notes.isEmpty }
    /// Nothing is under way that would come to an end by itself.
    var isQuiet: Bool {
        notes.isEmpty && machine.isLive && machine.outages.pending.isEmpty && machine.exchanges.isEmpty && machine.publisher.mark == nil
            && machine.nextWake == nil && machine.readQueue.isEmpty && machine.reading.isEmpty && machine.awaitingCommit.isEmpty
            && !link.hasWork
    }

    func turn(notes count: Int) {
        for _ in 0..<count {
            guard let note = notes.takeFirst() else { break }
            switch note {
            case .command(let note): runner.receive(note)
            case .input(let input):
                feed(input)
                if case .known = input, !hasBegun { begin() }
            }
        }
        flush()
    }

    func flush() {
        guard isFlushDue else { return }
        isFlushDue = false
        for action in machine.receive(.flush, now: simulation.now) { carryOut(action) }
        setWake()
    }

    private func begin() {
        hasBegun = true
        link.connect()
    }

    private func handle(_ event: LinkModel.Event) {
        switch event {
        case .subscribed(let adapter): feed(.subscribed(adapter))
        case .frame(let bytes): feed(.frame(bytes))
        case .heard: feed(.heard)
        case .ended: feed(.streamEnded)
        }
    }

    private func created(_ session: String, _ done: @escaping @Sendable () -> Void) {
        lastTicket += 1
        tickets[lastTicket] = { _ in done() }
        feed(.created(session: session, ticket: lastTicket))
    }

    private func feed(_ input: IngestMachine.Input) {
        isFlushDue = true
        noteAbsence(before: input)
        for action in machine.receive(input, now: simulation.now) {
            simulation.tell("ingest: \("\(action)".prefix(300))")
            carryOut(action)
        }
        setWake()
    }

    /// A log that refuses what was heard has not heard it, until it takes something; then the stream is opened anew.
    private func noteAbsence(before input: IngestMachine.Input) {
        switch input {
        case .streamEnded: simulation.absences.lost(at: simulation.now, busy: busy)
        case .refused: simulation.absences.refused(at: simulation.now, busy: busy)
        case .committed: simulation.absences.taken()
        case .frame(let bytes) where link.greets(bytes): simulation.absences.heard(at: simulation.now, unheard: simulation.unheard)
        default: break
        }
    }

    /// What is on its way to the log says something else than the log.
    private var busy: Set<String> { machine.publisher.mark == nil ? simulation.life?.log.disk.busySessions ?? [] : [] }

    private func setWake() {
        guard let at = machine.nextWake, wake.map({ $0 > at }) ?? true else { return }
        wake = at
        simulation.timers.add(at: max(at, simulation.now + 1)) { [weak self] in
            guard let self, wake == at else { return }
            wake = nil
            feed(.woke)
            flush()
        }
    }

    private func carryOut(_ action: IngestMachine.Action) {
        let notes = notes
        switch action {
        case .load(let load):
            life.jobs.post { disk, _ in
                let loaded = disk.loaded(load)
                return { notes.post(.input(.loaded(loaded))) }
            }
        case .recall(let pause):
            simulation.timers.add(at: simulation.now + Int64(pause / .milliseconds(1))) { [weak self] in self?.recall() }
        case .send(let exchange, let requests):
            link.send(requests) { [weak self] answers in
                self?.feed(.answers(exchange: exchange, answers))
                self?.flush()
            }
        case .wait(let exchange, let time):
            simulation.timers.add(at: simulation.now + Int64(time / .milliseconds(1)) + 1) { [weak self] in
                self?.feed(.waited(exchange: exchange))
                self?.flush()
            }
        case .append(let batch, let appends, _):
            life.requests.post(
                .append(fault == .healDoubled ? appends.map(Self.doubled) : appends) { result in
                    if case .success = result {
                        notes.post(.input(.committed(batch: batch)))
                    } else {
                        notes.post(.input(.refused(batch: batch)))
                    }
                })
        case .pauseStream: link.pause()
        case .resumeStream: link.resume()
        case .reconnect:
            link.lost()
        case .opened(let ticket, let imported): tickets.removeValue(forKey: ticket)?(imported)
        case .warn: break
        }
    }

    private static func doubled(_ append: Append) -> Append {
        var append = append
        append.events = append.events.flatMap { $0.origin == .heal ? [$0, $0] : [$0] }
        return append
    }
}

extension Disk {
    /// Sessions that run or ask something.
    var busySessions: Set<String> {
        let busy = topics.filter { name, topic in
            let fold = topic.fold
            return name.kind == .session && (fold.openTurn != nil || !fold.permissions.isEmpty || !fold.questions.isEmpty)
        }
        return Set(busy.keys.map(\.text))
    }

    /// What ingest is told at a start.
    fileprivate var knownLog: KnownLog {
        let names = topics.keys.filter { $0.kind == .session }.sorted { $0.text < $1.text }
        let sessions = names.compactMap { name in topics[name].flatMap { known(name, $0) } }
        let heard = topics.filter { $0.key.kind == .session || $0.key == .opencode }.map(\.value.stored.timestamp).max()
        return KnownLog(sessions: sessions, newest: heard.flatMap { $0 > 0 ? $0 : nil }, record: topics[.opencode]?.record)
    }

    private func known(_ name: TopicName, _ topic: Topic) -> KnownSession? {
        guard let row = topic.fold.session else { return nil }
        let fold = topic.fold
        let isBusy = fold.openTurn != nil || fold.status != .idle || !fold.permissions.isEmpty || !fold.questions.isEmpty
        return KnownSession(
            id: name.text, directory: row["directory"]?.string, isBusy: isBusy, record: topic.record, said: row["updated"]?.int)
    }

    fileprivate func loaded(_ load: SessionLoad) -> LoadedSession {
        let topic = TopicName(load.session).flatMap { topics[$0] }
        var held = topic?.fold ?? FoldedSession()
        if let before = load.before { held.messages = held.messages.filter { ($0.created, $0.id) < (before.created, before.id) } }
        held.messages = Array(held.messages.suffix(load.messages))
        return LoadedSession(load, record: topic?.record, held: held)
    }
}
