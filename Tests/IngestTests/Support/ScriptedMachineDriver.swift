// The machine with the real adapter of a generation and its scripted OpenCode, both without a socket. What is published is committed at once;
// answers wait until they are let through, so that a test says what comes first.

import EventLog
import OpenCode
import RelayProtocol
import ScriptedOpenCode
import Testing
import Wire

@testable import Ingest

struct ScriptedMachineDriver {
    var machine = IngestMachine()
    var agent: any ScriptedAgent
    var now = Self.beginning
    var folds: [String: FoldedSession] = [:]
    /// By topic.
    var said: [String: [Event]] = [:]
    private static let beginning: Int64 = 1_800_000_000_000
    /// Long enough for several pieces of either generation.
    static let text = "One two" + String(repeating: " and then some more words", count: 20) + " than that."
    private let adapter: any UpstreamAdapter
    private var records: [String: [UInt8]] = [:]
    private var todo: [IngestMachine.Action] = []
    private var decoder = SSEDecoder(frameBytes: 1 << 24)
    private var isSubscribed = false

    init(_ generation: ScriptedGeneration) throws {
        var agent = ScriptedOptions(generation).agent()
        agent.choose = { _ in Script(rounds: [[.say(Self.text)]]) }
        var (gate, answers) = (Gate(), [UpstreamAnswer]())
        var step = gate.next(answers)
        while case .send(let requests) = step {
            answers = requests.map { Self.answer($0, &agent, Self.beginning) }
            step = gate.next(answers)
        }
        guard case .done(let found) = step else { throw NoAdapter() }
        self.agent = agent
        adapter = found.adapter
    }

    struct NoAdapter: Error {}

    // Reprise.

    mutating func give(_ input: IngestMachine.Input) {
        todo += machine.receive(input, now: now) + machine.receive(.flush, now: now)
        while let place = todo.firstIndex(where: { if case .append = $0 { true } else { false } }) {
            guard case .append(let batch, let appends, _) = todo.remove(at: place) else { return }
            for append in appends { store(append) }
            todo += machine.receive(.committed(batch: batch), now: now) + machine.receive(.flush, now: now)
        }
    }

    private mutating func store(_ append: Append) {
        let topic = append.topic.text
        if let record = append.record { records[topic] = record }
        for event in append.events {
            said[topic, default: []].append(event)
            folds[topic, default: FoldedSession()].apply(event)
        }
    }

    /// Lets all answers through, until nothing more is asked.
    mutating func answerAll() {
        while !todo.isEmpty {
            switch todo.removeFirst() {
            case .send(let exchange, let requests):
                let answers = requests.map { Self.answer($0, &agent, now) }
                hear()
                give(.answers(exchange: exchange, answers))
            case .load(let load):
                give(.loaded(LoadedSession(load, record: records[load.session], held: folds[load.session] ?? FoldedSession())))
            default: break
            }
        }
    }

    mutating func connect() {
        guard case .events(let opening) = agent.respond(method: "GET", target: adapter.streamRequest.target, body: [], now: now) else {
            return
        }
        isSubscribed = true
        decoder = SSEDecoder(frameBytes: 1 << 24)
        give(.subscribed(adapter))
        hear(opening)
    }

    mutating func cut() {
        isSubscribed = false
        todo = []
        give(.streamEnded)
    }

    // OpenCode.

    mutating func newSession() throws -> String {
        let isFirst = adapter.streamRequest.target.hasPrefix("/global")
        let body = try #require(ask("POST", isFirst ? "/session" : "/api/session", "{}"))
        return try #require((body["data"] ?? body)["id"]?.string)
    }

    mutating func prompt(_ session: String) {
        let isFirst = adapter.streamRequest.target.hasPrefix("/global")
        let text = isFirst ? #"{"parts":[{"type":"text","text":"speak"}]}"# : #"{"text":"speak"}"#
        _ = ask("POST", isFirst ? "/session/\(session)/prompt_async" : "/api/session/\(session)/prompt", text)
    }

    private mutating func ask(_ method: String, _ target: String, _ body: String) -> JSONValue? {
        defer { hear() }
        guard case .answered(_, _, _, let body) = Self.answer(UpstreamRequest(method, target, body: Array(body.utf8)), &agent, now) else {
            return nil
        }
        return try? JSON.parse(body)
    }

    private static func answer(_ request: UpstreamRequest, _ agent: inout any ScriptedAgent, _ now: Int64) -> UpstreamAnswer {
        var reply = agent.respond(method: request.method, target: request.target, body: request.body ?? [], now: now)
        while case .later(_, let inner) = reply { reply = inner }
        guard case .answer(let answer) = reply else { return .unreachable(mayHaveArrived: true) }
        return .answered(status: answer.status, isJSON: answer.type.hasPrefix("application/json"), headers: [], body: answer.body)
    }

    /// What it does next by itself, until something holds or nothing is planned.
    mutating func play(until isEnough: (ScriptedMachineDriver) -> Bool = { _ in false }) {
        while !isEnough(self), let next = agent.nextTime {
            now = max(now, next)
            agent.advance(now: now, room: 0)
            hear()
        }
    }

    private mutating func hear(_ opening: [UInt8] = []) {
        let bytes = opening + agent.takeFrames()
        heardWords += String(decoding: bytes, as: UTF8.self).contains("delta\"") ? 1 : 0
        guard isSubscribed else { return }
        decoder.receive(bytes)
        while true {
            switch decoder.next() {
            case .frame(let frame): give(.frame(frame.data))
            case .comment: give(.heard)
            case .oversize, .needMore: return
            }
        }
    }

    /// How often OpenCode has said something of a text, whoever heard it.
    private(set) var heardWords = 0

    // What the log has.

    func text(_ session: String) -> FoldedPart? {
        folds[session]?.messages.last { $0.object["role"]?.says("assistant") == true }?.parts.first {
            $0.object["type"]?.says("text") == true
        }
    }

    func outages(_ topic: String) -> [String] { (said[topic] ?? []).filter { $0.kind == .outage }.map(MachineDriver.short) }
}
