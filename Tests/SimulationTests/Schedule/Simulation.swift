// Reprise and everything around it, in one process and on one thread, under a clock that nobody waits for. The schedule is drawn from the
// seed: which part goes on next, how far, and what goes wrong. Each pair of parts is first in, first out; between pairs any order may come.

import Broker
import OpenCode
import Reactor
import RelayProtocol
import Sessions

@testable import EventLog

final class Simulation {
    let kind: ScheduleKind
    let plan: SchedulePlan
    var random: SeededRandom
    /// Of people who are asked.
    var cards: SeededRandom
    /// ms since 1970.
    var now: Int64 = 1_800_000_000_000
    var timers = Timers()
    var history = History()
    /// What was durable at the last kill.
    var disk = Disk()
    /// What is committed now: by Reprise, or by its last life.
    var durable: Disk { life?.log.disk ?? disk }
    var sessions: [String] { durable.topics.keys.filter { $0.kind == .session }.map(\.text).sorted() }
    var life: RelayInstance?
    var clients: [ClientModel] = []
    var publishings: [Publishing] = []
    var published = 0
    // With an OpenCode.
    let openCode: OpenCodeModel?
    var askings: [RetriedCommand] = []
    var asked = 0
    /// What somebody was told is taken.
    var accepted: [CommandRequest] = []
    var absences = OutageCheck()
    /// Sessions that were not there when a subscribe to them was judged.
    var lacked: Set<TopicName> = []
    /// What somebody was told of a command, by its id.
    var told: [String: CommandAnswer] = [:]
    /// What was said to cards, by the command's id.
    var replies: [String: CardReply] = [:]
    /// When a card that nobody had answered was answered at the end.
    var answeredAt: [String: Int64] = [:]
    /// What the log says of cards that it has closed.
    var closedCards: [String: String] = [:]
    /// By a stop's id: prompts that ran when it was accepted, and that it is for.
    var toStop: [String: Set<String>] = [:]
    let wording = TextCheck(OpenCodeModel.texts)
    /// Sessions that were held to OpenCode's own in the end.
    var compared = 0
    private(set) var steps = 0
    /// What was found first.
    private(set) var violation: String?
    /// Of every choice and every time; of a kind that is digested also of every byte that was committed, given to a client or sent to OpenCode.
    /// Two runs of one seed agree.
    private(set) var trace: UInt64 = 0xCBF2_9CE4_8422_2325
    /// Faults are over.
    var isHealing = false

    init(seed: UInt64, _ kind: ScheduleKind) {
        self.kind = kind
        var random = SeededRandom(seed: seed)
        plan = SchedulePlan(kind, &random)
        openCode = kind.upstream.map { OpenCodeModel($0, seed: random.next()) }
        self.random = random
        cards = SeededRandom(seed: ~seed)
        openCode?.onCall = { [unowned self] in sent($0) }
        if kind.asks, let openCode { openCode.onArrival = { [unowned self, unowned openCode] in arrived($0, at: openCode) } }
        startLife()
        for _ in 0..<plan.clients { subscribe() }
    }

    /// For reading a schedule that failed: every step is printed.
    static let isTold = SeedSweep.environment["REPRISE_SIMULATION_TRACE"] != nil
    func tell(_ what: @autoclosure () -> String) { if Self.isTold { print("\(steps) \(now % 1_000_000_000): \(what())") } }

    func report(_ fault: String) { if violation == nil { violation = "step \(steps), \(fault)" } }

    func note(_ value: UInt64) { trace = (trace ^ value) &* 0x100_0000_01B3 }
    func note(_ bytes: @autoclosure () -> [UInt8]) { if kind.isDigested { for byte in bytes() { note(UInt64(byte)) } } }

    /// Runs the schedule and heals; gives what was found.
    func run() -> String? {
        while steps < plan.steps, violation == nil { step() }
        if violation == nil { heal() }
        return violation
    }

    private func sent(_ request: UpstreamRequest) {
        note(request.target.utf8 + (request.body ?? []))
        if kind.asks, let openCode { goesOut(request, to: openCode) }
    }

    func step() {
        steps += 1
        if !isHealing, random.chance(perMille: plan.publishes) { disturb() }
        if isHealing, kind.asks { answerWhatIsOpen() }
        if random.chance(perMille: plan.timeJumps) || !work() { jump() }
        if let fault = openCode?.faults.first { report(fault) }
        for loop in life?.loops ?? [] { for fault in loop.faults(controlBytes: 32 << 10) { report(fault) } }
        note(UInt64(history.count) << 32 | UInt64(truncatingIfNeeded: now))
    }

    /// To the next thing that waits for a time.
    func jump() {
        if let openCode, let next = openCode.nextTime, next <= timers.next ?? .max {
            now = max(now, next)
            return openCode.advance(now)
        }
        guard let (at, body) = timers.takeFirst() else { return }
        now = max(now, at)
        body()
    }

    // Lives.

    func startLife() {
        guard life == nil else { return }
        let log = MemoryLog(disk, options: logOptions, seed: random.next()) { [unowned self] in now }
        log.onCommit = { [unowned self] in committed($0, $1) }
        let life = RelayInstance(plan, kind, log: log)
        self.life = life
        if let openCode { life.agent = AgentModel(openCode, life, fault: kind.agentFault, simulation: self) }
        life.agent?.start()
        for loop in life.loops { loop.tell = { [unowned self] in tell($0) } }
        beatLater(life)
    }

    private var logOptions: MemoryLog.Options {
        MemoryLog.Options(
            keptServerEvents: plan.keptEvents, keptLobbyEvents: plan.keptEvents, derive: Self.derive, fault: kind.logFault)
    }

    /// A session's row has an entry in the lobby.
    private static func derive(_ batch: ProjectedEvents) -> [Append] {
        guard batch.topic.kind == .session, batch.events.contains(where: { $0.kind == .status }) else { return [] }
        return [
            Append(topic: .lobby, events: [.entry(batch.topic.text, Array(#"{"id":"\#(batch.topic)","n":\#(batch.firstOffset)}"#.utf8))])
        ]
    }

    private func committed(_ before: Disk, _ transaction: MemoryTransaction) {
        for burst in transaction.order {
            tell("committed in \(burst.topic.name): \(String(decoding: burst.bytes, as: UTF8.self))")
            note(burst.bytes)
            for fault in history.record(burst) { report(fault) }
        }
        guard let openCode else { return }
        checkHeals(before, transaction)
        if kind.asks { checkCommits(before, transaction.disk, openCode) }
    }

    private func beatLater(_ life: RelayInstance) {
        timers.add(at: now + (openCode == nil ? 25_000 : 15_000)) { [weak self, weak life] in
            guard let self, let life, self.life === life else { return }
            for loop in life.loops { loop.beat() }
            openCode?.beat(now)
            beatLater(life)
        }
    }

    /// SIGKILL, or the power: what was not committed is lost.
    func kill() {
        guard let life else { return }
        disk = life.log.powerCut(reachesDisk: random.chance(perMille: 500))
        for pipe in life.loops.flatMap(\.pipes) { pipe.cut() }
        for case .accepted(let pipe, _, _) in life.loops.flatMap(\.events) { pipe.cut() }
        self.life = nil
        openCode?.forgetCallers(arrives: { [unowned self] _ in random.chance(perMille: 500) }, now)
        // A log that has nothing of an OpenCode yet does not know that it was away from one.
        let heard = disk.topics.filter { $0.key.kind == .session || $0.key == .opencode }.values
        let hasHeard = heard.contains { $0.stored.head != .origin || $0.record != nil }
        if hasHeard { absences.killed(at: now, busy: disk.busySessions) } else { absences = OutageCheck() }
        for place in askings.indices { askings[place].isAsked = false }
        for place in publishings.indices { publishings[place].isAsked = false }
        timers.add(at: now + Int64(random.number(1...5000))) { [weak self] in self?.startLife() }
    }

    // What clients do.

    func connect(_ client: ClientModel, _ after: String?) -> Pipe? {
        guard let life else { return nil }
        let pipe = Pipe(client.encoding, capacity: plan.pipeBytes) { [unowned self] in random.chance(perMille: 200) }
        let point: JudgeRequest.Point =
            switch after {
            case nil: .none
            case "earliest"?: .earliest
            case let text?: .text(Array(text.utf8))
            }
        life.loops[client.number % life.loops.count].events.append(.accepted(pipe, client.topic, point))
        return pipe
    }

    /// The server hears of it at some time, or only when nothing is taken any more.
    func abandon(_ pipe: Pipe) {
        pipe.isAbandoned = true
        guard isHealing || random.chance(perMille: 800) else { return }
        for loop in life?.loops ?? [] where loop.pipes.contains(where: { $0 === pipe }) || loop.awaits(pipe) {
            loop.events.append(.gone(pipe))
        }
    }

    func subscribe() {
        guard let topic = random.pick(topics) else { return }
        let client = ClientModel(
            clients.count, topic, after: somewhere(topic), random.chance(perMille: 600) ? .webSocket : .sse, random: random.fork(),
            simulation: self)
        clients.append(client)
        client.start()
    }

    private var topics: [TopicName] {
        guard openCode != nil else { return plan.topics }
        return plan.topics + (life?.log.disk.topics.keys.filter { $0.kind == .session }.sorted { $0.text < $1.text } ?? [])
    }

    private func somewhere(_ topic: TopicName) -> String? {
        let number = durable.state(topic)?.number
        let known = history.lines.keys.sorted().flatMap { $0 == number || random.chance(perMille: 50) ? history.lines[$0] ?? [] : [] }
        switch random.number(0...9) {
        case 0, 1: return nil
        case 2: return "earliest"
        case 3: return "nonsense"
        case 4: return known.last.map { Position(epoch: $0.position.epoch, offset: $0.position.offset + 7).description }
        default: return random.pick(known)?.position.description ?? Position.origin.description
        }
    }
}
