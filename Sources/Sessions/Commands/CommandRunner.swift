// Carries out what `CommandRun` and `CommandLanes` decide: sends requests, waits, commits. It lives on the loop that talks to OpenCode; all
// decisions are theirs. After a restart it settles all that was undecided, oldest first, before it takes anything new.

import EventLog
import OpenCode
import RelayProtocol
import Wire

/// Confined to one loop.
public final class CommandRunner {
    private struct Active {
        /// In the order in which they were taken up.
        let number: Int
        var row: CommandRow
        var stored: StoredCommand
        var run: CommandRun
        /// When OpenCode was last asked to do something (not only what it has); where it never was, when this was taken up. ms since 1970.
        var sentAt: Int64
        /// Timers of an earlier wait are void.
        var wait = 0
        /// The log is asked what a stop has still to stop …
        var isAsking = false
        /// … and a prompt was settled meanwhile: the answer may be of before that.
        var asksAgain = false
        /// Nothing can be stopped before it is known what became of a prompt.
        var awaitsPrompt = false
    }

    private let store: any CommandStore
    private let commands: CommandService
    private let hooks: Hooks
    private var lanes = CommandLanes()
    private var active: [CommandKey: Active] = [:]
    private var taken = 0
    /// Commands accepted before the undecided ones are known; nil once they are.
    private var early: [CommandRow]? = []
    private var random: any RandomNumberGenerator

    public convenience init(log: EventLog, commands: CommandService, hooks: Hooks) {
        self.init(store: LoggedCommands(log: log), commands: commands, hooks: hooks, random: SystemRandomNumberGenerator())
    }

    init(store: any CommandStore, commands: CommandService, hooks: Hooks, random: any RandomNumberGenerator) {
        self.store = store
        self.commands = commands
        self.hooks = hooks
        self.random = random
    }

    /// Asks the log what is undecided; call once.
    public func start() {
        let post = hooks.post
        store.undecided { post(.undecided($0)) }
    }

    /// OpenCode answers again: whoever waits for it tries now, the oldest first.
    public func upstreamIsBack() {
        let waiting = active.values.filter(\.run.isWaitingForUpstream).sorted { $0.number < $1.number }
        for command in waiting { proceed(command.row.key) }
    }

    public func receive(_ note: CommandNote) {
        switch note {
        case .accepted(let row):
            if early != nil { early?.append(row) } else { enter(row, isSettling: false) }
        case .undecided(nil):
            hooks.after(.seconds(1)) { [weak self] in self?.start() }
        case .undecided(let rows?):
            takeUp(rows)
        case .committed(let key, let succeeded):
            step(key, succeeded ? .committed : .commitFailed)
        case .target(let key, let target):
            answered(key, target)
        }
    }

    /// What was left undecided is settled before what is new. A new one may stand in both lists: it was just committed.
    private func takeUp(_ rows: [CommandRow]) {
        let new = early ?? []
        early = nil
        for row in rows where !new.contains(where: { $0.key == row.key }) { enter(row, isSettling: true) }
        for row in new { enter(row, isSettling: false) }
    }

    private func enter(_ row: CommandRow, isSettling: Bool) {
        guard active[row.key] == nil, let stored = row.stored else { return }
        let run = CommandRun(state: row.state, checkpoint: row.checkpoint, isSettling: isSettling, now: hooks.now())
        taken += 1
        active[row.key] = Active(number: taken, row: row, stored: stored, run: run, sentAt: hooks.now())
        if let object = Self.object(of: row) { hooks.acting(object, row.target == nil ? nil : stored.session, row.key.by) }
        if row.kind == .stop { withdrawEarlier(in: row.key.session) }
        let mayRun = lanes.enter(row.key, isStop: row.kind == .stop, session: stored.session, below: stored.ancestors)
        if mayRun { proceed(row.key, isFresh: !isSettling) }
    }

    /// The card that is answered, or the message that a prompt will have.
    private static func object(of row: CommandRow) -> String? { row.target ?? (row.kind == .prompt ? row.identifiers.first : nil) }

    /// What was accepted before a stop must not begin a turn behind it, nor let a tool run that it has ended: 1.18 runs it all the same.
    private func withdrawEarlier(in session: String) {
        let earlier = active.values.filter { $0.stored.isEnded(byStopOf: session) }
        for command in earlier.sorted(by: { $0.number < $1.number }) { step(command.row.key, .withdrawn) }
    }

    /// Before each try a stop asks what it has still to stop: it must not hit a later turn. One that was accepted just now, without a turn, need
    /// not: what runs may tell its turn in this very moment.
    private func proceed(_ key: CommandKey, isFresh: Bool = false) {
        guard let command = active[key], !command.isAsking else { return }
        active[key]?.wait += 1
        active[key]?.awaitsPrompt = false
        let isNamed = command.stored.turn != nil || command.stored.prompt != nil
        guard command.row.kind == .stop, isNamed || !isFresh, command.run.isBetweenTries else { return step(key, .proceed) }
        active[key]?.isAsking = true
        let post = hooks.post
        store.target(of: command.stored) { post(.target(key, $0)) }
    }

    private func answered(_ key: CommandKey, _ target: StopTarget?) {
        let asksAgain = active[key]?.asksAgain == true
        active[key]?.isAsking = false
        active[key]?.asksAgain = false
        if asksAgain { proceed(key) } else { stop(key, target) }
    }

    private func stop(_ key: CommandKey, _ target: StopTarget?) {
        // Where nobody can tell, what runs is stopped.
        switch target?.step ?? .attempt(active[key]?.stored.prompt == nil ? .final : .untilStopped) {
        case .attempt(let attempt): step(key, .attempt(attempt))
        case .lapse: step(key, .lapsed(result: CommandJudge.notStopped))
        case .wait:
            active[key]?.awaitsPrompt = true
            wait(CommandLimits.stopPause, key)
        }
    }

    private func step(_ key: CommandKey, _ input: CommandRun.Input) {
        guard var command = active[key] else { return }
        command.run.isWordOurs = isWordOurs(of: command)
        let action = command.run.receive(input, now: hooks.now(), random: &random) { checkpoint, settling in
            let identifiers = UpstreamIdentifiers(generation: command.stored.generation, all: command.row.identifiers)
            return hooks.exchange(command.stored.command, identifiers, checkpoint, settling)
        }
        active[key] = command
        switch action {
        case .send(let requests): send(requests, of: key)
        case .wait(let time): wait(time, key)
        case .commit(let change): commit(change, of: key)
        case .finished: finish(key)
        case .nothing: break
        }
    }

    private func isWordOurs(of command: Active) -> Bool? {
        guard let card = command.row.target, let closing = hooks.closing(card) else { return nil }
        return command.stored.command.isAnswer(in: closing)
    }

    private func send(_ requests: [UpstreamRequest], of key: CommandKey) {
        guard !requests.isEmpty else { return step(key, .answers([])) }
        if requests.contains(where: { $0.method != "GET" }) { active[key]?.sentAt = hooks.now() }
        let gathering = AnswersInOrder(count: requests.count)
        for (place, request) in requests.enumerated() {
            hooks.send(request) { [weak self] answer in
                if let all = gathering.add(answer, at: place) { self?.step(key, .answers(all)) }
            }
        }
    }

    private func wait(_ time: Duration, _ key: CommandKey) {
        let wait = active[key]?.wait
        hooks.after(time) { [weak self] in
            guard let self, self.active[key]?.wait == wait else { return }
            self.proceed(key)
        }
    }

    /// What was reached is told before it is committed: the event that follows from it is on its way. A checkpoint comes after the act.
    private func tell(_ change: CommandChange, of key: CommandKey) {
        guard let object = active[key].flatMap({ Self.object(of: $0.row) }) else { return }
        if change.state == .done || change.checkpoint != nil { return hooks.acted(object, true) }
        if change.state.isFinal { hooks.acted(object, false) }
    }

    private func commit(_ change: CommandChange, of key: CommandKey) {
        tell(change, of: key)
        active[key]?.row.state = change.state
        active[key]?.row.result = change.result
        let post = hooks.post
        let notice = active[key].flatMap { Self.notice($0.row, session: $0.stored.session) }
        store.change(key, change, notice: notice) { post(.committed(key, succeeded: $0)) }
    }

    /// What everybody who watches the session should know: a command that was taken and came to nothing, or may have happened. That a card was
    /// closed before is told by the card.
    private static func notice(_ row: CommandRow, session: String?) -> Append? {
        guard let problem = row.answer(isReplay: false).problem, let topic = session.flatMap({ TopicName($0) }),
            problem.code != .alreadyAnswered
        else { return nil }
        var event = Event.notice(
            kind: row.state.rawValue, text: "\(row.kind.rawValue) \(row.key.id): \(problem.detail ?? problem.code.title)")
        event.by = row.key.by
        return Append(topic: topic, events: [event])
    }

    private func finish(_ key: CommandKey) {
        guard let command = active.removeValue(forKey: key) else { return }
        let session = command.stored.session
        for next in lanes.leave(key, session: session) { proceed(next) }
        for stop in active.values where stop.stored.session == session {
            if stop.isAsking { active[stop.row.key]?.asksAgain = true }
            if stop.awaitsPrompt { proceed(stop.row.key) }
        }
        var row = command.row
        row.updated = hooks.now()
        let answer = row.answer(isReplay: false)
        if row.kind == .prompt, row.state == .done, let session { hooks.prompted(session, command.sentAt) }
        guard let created = answer.createdSession else { return commands.settled(key, answer) }
        hooks.created(created) { [commands] in commands.settled(key, answer) }
    }
}
