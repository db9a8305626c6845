// One prompt and one stop through the real service, runner and machines, with a log, a network and an OpenCode that take their time. Each step
// is drawn: the next job of the log, the next note, any request or answer on the network, any wait, the next word of the stream.

import EventLog
import OpenCode
import RelayProtocol
import Synchronization
import Wire

@testable import Sessions

/// Confined to its test; what other threads' closures would touch is behind a lock, as their types ask for it.
final class StopSchedule {
    let store = ScheduledStore()
    let openCode = DelayedOpenCode()
    private var random: SeededRandom
    private let notes = NoteQueue()
    private var asked: [CommandRequest] = []
    private var timers: [() -> Void] = []
    private var runner: CommandRunner?
    private var steps: Int64 = 0
    private var crashes: Int

    init(seed: Int) {
        random = SeededRandom(seed: UInt64(seed))
        crashes = seed % 4
    }

    var isQuiet: Bool { store.isIdle && notes.isEmpty && openCode.isIdle && timers.isEmpty }

    func run() {
        start()
        submit("c1", .prompt(parts: Array(#"[{"type":"text","text":"go"}]"#.utf8), agent: nil, model: nil))
        repeat { step() } while store.rows.isEmpty || chance(oneIn: 2)
        submit("s1", .stop(turn: nil))
        while steps < 50_000, !(isQuiet && store.rows.count == 2) { step() }
    }

    /// A new process, over the same log and the same OpenCode.
    private func start() {
        let commands = commands()
        runner = CommandRunner(store: store, commands: commands, hooks: hooks(), random: SeededRandom(seed: UInt64(steps)))
        runner?.start()
    }

    private func commands() -> CommandService {
        CommandService(store: store, identifiers: { command, _ in UpstreamIdentifiers(generation: "fake", all: ["id-of-\(command.name)"]) })
        {
            [notes] in notes.add($0)
        }
    }

    private func submit(_ id: String, _ ask: CommandRequest.Ask) {
        asked.append(.test(id, ask))
        commands().submit(.test(id, ask)) { _ in }
    }

    private func hooks() -> CommandRunner.Hooks {
        CommandRunner.Hooks(
            send: { [openCode] request, done in openCode.call(request, done) },
            after: { [weak self] _, done in self?.timers.append(done) },
            exchange: { command, identifiers, _, settling in
                if case .stop = command { return FakeExchange(name: "stop", isLooking: false) }
                return FakeExchange(name: identifiers.all[0], isLooking: settling)
            },
            now: { [store] in store.now }, post: { [notes] in notes.add($0) },
            acting: { _, _, _ in }, acted: { _, _ in }, closing: { _ in nil }, prompted: { _, _ in }, created: { _, done in done() })
    }

    private func chance(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

    private func step() {
        steps += 1
        store.now = steps * 25
        if crashes > 0, chance(oneIn: 40) { return crash() }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: store.work(isFailing: chance(oneIn: 10))
        case 1: if let note = notes.take() { runner?.receive(note) }
        case 2: openCode.carryOn(&random)
        case 3: if let place = timers.indices.randomElement(using: &random) { timers.remove(at: place)() }
        default: openCode.live(&random, store)
        }
    }

    private func crash() {
        crashes -= 1
        runner = nil
        timers = []
        openCode.hangUp()
        notes.clear()
        store.crash()
        start()
        // Whoever had no answer asks again.
        for request in asked { commands().submit(request) { _ in } }
    }
}

/// The runner's mailbox.
final class NoteQueue: Sendable {
    private let notes = Mutex<[CommandNote]>([])

    var isEmpty: Bool { notes.withLock(\.isEmpty) }
    func add(_ note: CommandNote) { notes.withLock { $0.append(note) } }
    func take() -> CommandNote? { notes.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    func clear() { notes.withLock { $0 = [] } }
}

/// An OpenCode that admits a prompt before it runs, and tells of what it does later.
final class DelayedOpenCode {
    private struct Call {
        let request: UpstreamRequest
        var done: ((UpstreamAnswer) -> Void)?
        var answer: UpstreamAnswer?
    }

    private var calls: [Call] = []
    private var known: Set<String> = []
    private var waiting: [String] = []
    private var running: String?
    private var news: [(prompt: String, isOpen: Bool)] = []
    private(set) var arrivals = 0

    var isRunning: Bool { running != nil }
    var hasWaiting: Bool { !waiting.isEmpty }
    var isIdle: Bool { calls.isEmpty && news.isEmpty && waiting.isEmpty }

    func call(_ request: UpstreamRequest, _ done: @escaping (UpstreamAnswer) -> Void) {
        calls.append(Call(request: request, done: done))
    }

    /// Nobody listens to the answers any more; what is on its way arrives all the same.
    func hangUp() { for place in calls.indices { calls[place].done = nil } }

    /// Some call arrives or is answered, or its connection breaks on the way.
    func carryOn(_ random: inout SeededRandom) {
        guard let place = calls.indices.randomElement(using: &random) else { return }
        guard calls[place].answer != nil else {
            calls[place].answer = answer(calls[place].request)
            return
        }
        let call = calls.remove(at: place)
        let isLost = Int.random(in: 0..<6, using: &random) == 0
        call.done?(isLost ? .unreachable(mayHaveArrived: true) : call.answer ?? .unreachable(mayHaveArrived: true))
    }

    private func answer(_ request: UpstreamRequest) -> UpstreamAnswer {
        guard request.target != "stop" else {
            let stopped = running
            running = nil
            if let stopped { news.append((stopped, false)) }
            return said(200, #"{"stopped":\#(stopped != nil)}"#)
        }
        if request.method == "POST", known.insert(request.target).inserted {
            arrivals += 1
            waiting.append(request.target)
        }
        return known.contains(request.target) ? said(200, #"{"message":"\#(request.target)"}"#) : said(404, "{}")
    }

    private func said(_ status: Int, _ body: String) -> UpstreamAnswer {
        .answered(status: status, isJSON: true, headers: [], body: Array(body.utf8))
    }

    /// It begins to run, or the log hears what it did.
    func live(_ random: inout SeededRandom, _ store: ScheduledStore) {
        if running == nil, !waiting.isEmpty, Bool.random(using: &random) {
            let prompt = waiting.removeFirst()
            running = prompt
            news.append((prompt, true))
        } else if !news.isEmpty {
            let next = news.removeFirst()
            store.hear(next.prompt, isOpen: next.isOpen)
        }
    }
}

/// The log: jobs in order, each answered as a job of its own. What was not done before a crash never happens.
final class ScheduledStore: CommandStore {
    private typealias Answer = @Sendable () -> Void

    private struct State {
        var jobs: [@Sendable (inout State, _ isFailing: Bool) -> Void] = []
        var rows: [CommandRow] = []
        var turn: (prompt: String, isOpen: Bool)?
        var now: Int64 = 0
        /// To be called without the lock.
        var answer: Answer?
    }

    private let state = Mutex(State())

    var rows: [CommandRow] { state.withLock(\.rows) }
    var isIdle: Bool { state.withLock(\.jobs.isEmpty) }
    var now: Int64 {
        get { state.withLock(\.now) }
        set { state.withLock { $0.now = newValue } }
    }

    func hear(_ prompt: String, isOpen: Bool) { state.withLock { $0.turn = (prompt, isOpen) } }
    func crash() { state.withLock { $0.jobs = [] } }

    func work(isFailing: Bool) {
        let answer = state.withLock { state -> Answer? in
            guard !state.jobs.isEmpty else { return nil }
            state.jobs.removeFirst()(&state, isFailing)
            defer { state.answer = nil }
            return state.answer
        }
        answer?()
    }

    private func post(_ job: @escaping @Sendable (inout State, Bool) -> Void) { state.withLock { $0.jobs.append(job) } }

    func take(_ intake: CommandIntake, _ done: @escaping @Sendable (CommandIntake.Outcome?) -> Void) {
        post { state, _ in
            let facts = Self.facts(state)
            let decision = intake.decide(known: state.rows.first { $0.key == intake.key }, now: state.now) { facts }
            if let row = decision.row { state.rows.append(row) }
            state.answer = { done(decision.outcome) }
        }
    }

    func change(_ key: CommandKey, _ change: CommandChange, notice: Append?, _ done: @escaping @Sendable (Bool) -> Void) {
        post { state, isFailing in
            if !isFailing, let place = state.rows.firstIndex(where: { $0.key == key }) {
                state.rows[place].state = change.state
                state.rows[place].result = change.result
                state.rows[place].updated = state.now
                if change.state.isFinal { state.rows[place].stored = nil }
            }
            state.answer = { done(!isFailing) }
        }
    }

    func find(_ key: CommandKey, _ done: @escaping @Sendable (Result<CommandRow?, Problem>) -> Void) {
        post { state, _ in
            let row = state.rows.first { $0.key == key }
            state.answer = { done(.success(row)) }
        }
    }

    func undecided(_ done: @escaping @Sendable ([CommandRow]?) -> Void) {
        post { state, _ in
            let rows = state.rows.filter { !$0.state.isFinal }
            state.answer = { done(rows) }
        }
    }

    func target(of stop: StoredCommand, _ done: @escaping @Sendable (StopTarget?) -> Void) {
        post { state, isFailing in
            let isTaken = stop.prompt != nil && state.turn?.prompt == stop.prompt
            let isOpen = state.turn?.isOpen == true
            let target = StopTarget(
                stop, turnsOfPrompt: isTaken ? [1] : [], open: isOpen ? 1 : nil, isIdle: !isOpen, newest: Self.newest(state),
                now: state.now)
            state.answer = { done(isFailing ? nil : target) }
        }
    }

    private static func newest(_ state: State) -> NewestPrompt? {
        state.rows.last { $0.kind == .prompt && $0.state != .refused }.map {
            NewestPrompt(state: $0.state, identifiers: $0.identifiers, result: $0.result, updated: $0.updated)
        }
    }

    private static func facts(_ state: State) -> SessionFacts {
        var facts = SessionFacts(id: "ses_1", directory: "/w")
        facts.openTurn = state.turn?.isOpen == true ? 1 : nil
        facts.isIdle = facts.openTurn == nil
        let isTaken = state.turn != nil
        if let prompt = newest(state) { facts.take(prompt, isTakenUp: isTaken, now: state.now) }
        return facts
    }
}
