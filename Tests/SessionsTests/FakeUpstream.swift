// An OpenCode that does what a test says, and the loop on which the runner lives: an actor.

import EventLog
import OpenCode
import RelayProtocol
import Sessions
import Wire

/// Looks first when it settles (GET), else acts (POST). 200 is done, 410 a card that is closed, 409 a refusal.
struct FakeExchange: UpstreamExchange {
    let name: String
    var isLooking: Bool
    var hasSent = false

    mutating func next(_ answers: [UpstreamAnswer]) -> ExchangeStep<CommandResult> {
        guard let answer = answers.first else { return send() }
        guard case .answered(let status, _, _, let body) = answer else { return .failed(.unreachable) }
        switch status {
        case 200: return .done(.done(result: body))
        case 410: return .done(.notAsked)
        case 404 where isLooking:
            isLooking = false
            return send()
        default: return .done(.refused(code: "upstream_refused", detail: "no"))
        }
    }

    private func send() -> ExchangeStep<CommandResult> { .send([UpstreamRequest(isLooking ? "GET" : "POST", name)]) }
}

actor FakeUpstream {
    enum Mode: Sendable {
        case answer(Int, String)
        case unreachable, hold
        /// No OpenCode is known.
        case disconnected
    }

    private let log: EventLog
    private let state = FakeState()
    private var runner: CommandRunner?

    var requests: [String] { state.requests }
    var timersSet: Int { state.timersSet }
    var generations: [String?] { state.generations }

    /// What was told once it is so much: the runner hears of a commit beside those who wait for it.
    func told(_ count: Int) async -> [String] {
        let end = ContinuousClock.now + .seconds(60)
        while state.told.count < count, ContinuousClock.now < end { await Task.yield() }
        return state.told
    }

    /// Notes arrive in the order in which they were posted, as through a mailbox.
    private nonisolated let notes: AsyncStream<CommandNote>.Continuation

    init(log: EventLog) {
        self.log = log
        let (stream, notes) = AsyncStream.makeStream(of: CommandNote.self)
        self.notes = notes
        Task { [weak self] in for await note in stream { await self?.receive(note) } }
    }

    deinit { notes.finish() }

    nonisolated func commands(isConnected: Bool = true) -> CommandService {
        CommandService(log: log) { command, _ in
            isConnected ? UpstreamIdentifiers(generation: "fake", all: ["id-of-\(command.name)"]) : nil
        } deliver: { [notes] note in
            notes.yield(note)
        }
    }

    func start(_ commands: CommandService) {
        let state = state
        let runner = CommandRunner(
            log: log, commands: commands,
            hooks: CommandRunner.Hooks(
                send: { request, done in state.take(request, done) },
                after: { _, done in state.wait(done) },
                exchange: { command, identifiers, _, settling in state.exchange(command, identifiers, settling) },
                now: { state.now }, post: { [notes] note in notes.yield(note) },
                acting: { object, _, by in state.told.append("\(by) acts on \(object)") },
                acted: { object, succeeded in state.told.append("\(succeeded ? "done" : "not done"): \(object)") },
                closing: { state.closings[$0] },
                prompted: { state.told.append("prompted \($0), sent at \($1)") },
                created: { session, done in
                    state.told.append("created \(session)")
                    done()
                }))
        self.runner = runner
        runner.start()
    }

    func set(_ mode: Mode) { state.mode = mode }
    func set(now: Int64) { state.now = now }
    func close(_ card: String, _ payload: String) { state.closings[card] = Array(payload.utf8) }
    func receive(_ note: CommandNote) { runner?.receive(note) }
    func upstreamIsBack() { runner?.upstreamIsBack() }

    /// Every wait that was begun is over.
    func passTime() { state.passTime() }

    /// Answers what was held back, in order.
    func release(_ status: Int, _ body: String) { state.release(status, body) }

    /// Returns once so many requests were made, or waits begun.
    func happened(_ count: Int) async {
        guard requests.count + timersSet < count else { return }
        await withCheckedContinuation { state.watchers.append((count, $0)) }
    }
}

extension UpstreamCommand {
    var name: String {
        switch self {
        case .create: "create"
        case .prompt: "prompt"
        case .stop: "stop"
        case .permission: "permission"
        case .question: "question"
        }
    }
}

extension CommandService {
    func submit(_ request: CommandRequest) async -> Result<CommandAnswer, Problem> {
        await withCheckedContinuation { continuation in submit(request) { continuation.resume(returning: $0) } }
    }

    func state(of key: CommandKey) async -> Result<CommandAnswer?, Problem> {
        await withCheckedContinuation { continuation in state(of: key) { continuation.resume(returning: $0) } }
    }

    func settled(_ session: String?, _ id: String) async -> CommandAnswer {
        await withCheckedContinuation { continuation in
            whenSettled(CommandKey(session: session, by: "owner", id: id)) { continuation.resume(returning: $0) }
        }
    }
}

extension CommandRequest {
    static func test(_ id: String, _ ask: Ask, in session: String? = "ses_1") -> CommandRequest {
        CommandRequest(session: session, id: CommandID(id), by: "owner", ask: ask)
    }

    static func create(_ id: String, asked: String?, _ directory: Result<String, Problem>) -> CommandRequest {
        test(id, .create(asked: asked, directory: directory, title: nil, agent: nil, model: nil), in: nil)
    }

    static func prompt(_ id: String, _ words: String = "hello") -> CommandRequest {
        test(id, .prompt(parts: Array(#"[{"type":"text","text":"\#(words)"}]"#.utf8), agent: nil, model: nil))
    }
}
