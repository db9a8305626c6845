// All that is around the machine, driven by a seed: an OpenCode that makes messages whether or not anybody listens, a stream that is cut,
// a log that commits late or refuses, reads that are slow or fail. What must hold at the end is asked of the log.

import EventLog
import OpenCode
import RelayProtocol
import Wire

@testable import Ingest

struct IngestSimulation {
    struct Session {
        var messages: [Int] = []
        var isBusy = false
        var updated = 1
    }

    var machine = IngestMachine()
    var random: SeededGenerator
    var now: Int64 = 1_000
    // OpenCode.
    var sessions: [String: Session] = [:]
    var nextMessage = 1
    var frames: [[UInt8]] = []
    var isSubscribed = false
    var isReadable = true
    // The log.
    var log: [String: [Event]] = [:]
    var folds: [String: FoldedSession] = [:]
    var records: [String: [UInt8]] = [:]
    // What is on its way.
    var batches: [(number: Int, appends: [Append])] = []
    var loads: [SessionLoad] = []
    var requests: [(exchange: Int, target: String)] = []
    var isRecalled = false
    var wantsReconnect = false

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        give(.known(KnownLog(sessions: [])))
        for number in 0..<3 { sessions["ses_\(number)"] = Session() }
    }

    mutating func give(_ input: IngestMachine.Input) {
        take(machine.receive(input, now: now))
        take(machine.receive(.flush, now: now))
    }

    private mutating func take(_ actions: [IngestMachine.Action]) {
        for action in actions {
            switch action {
            case .append(let batch, let appends, _): batches.append((batch, appends))
            case .load(let load): loads.append(load)
            case .send(let exchange, let all): requests += all.map { (exchange, $0.target) }
            case .recall: isRecalled = true
            case .reconnect: wantsReconnect = true
            case .wait, .pauseStream, .resumeStream, .opened, .warn: break
            }
        }
    }

    // OpenCode's doings.

    mutating func talk() {
        let id = sessions.keys.sorted()[Int.random(in: 0..<sessions.count, using: &random)]
        guard var session = sessions[id] else { return }
        session.updated += 1
        let choice = Int.random(in: 0..<12, using: &random)
        if choice == 0, session.messages.count > 1 {
            let gone = session.messages.removeLast()
            say(#"{"session":"\#(id)","removed":"m\#(gone)"}"#)
        } else if choice < 3 {
            session.isBusy.toggle()
            say(#"{"session":"\#(id)","text":"\#(session.isBusy ? "busy" : "idle")"}"#)
        } else {
            session.messages.append(nextMessage)
            say(#"{"session":"\#(id)","message":"m\#(nextMessage)"}"#)
            nextMessage += 1
        }
        sessions[id] = session
    }

    private mutating func say(_ frame: String) { if isSubscribed { frames.append(Array(frame.utf8)) } }

    private func body(_ target: String) -> String {
        if target == "/list" {
            let rows = sessions.sorted { $0.key < $1.key }.map { #"{"id":"\#($0.key)","updated":\#($0.value.updated)}"# }
            let active = sessions.filter(\.value.isBusy).keys.sorted().map { "\"\($0)\"" }
            return #"{"sessions":[\#(rows.joined(separator: ","))],"active":[\#(active.joined(separator: ","))]}"#
        }
        let id = String(target.split(separator: "/")[1].prefix { $0 != "?" })
        guard let session = sessions[id] else { return #"{"gone":true}"# }
        let before = target.split(separator: "=").last.flatMap { Int($0.drop { !$0.isNumber }) } ?? 0
        let isOlder = target.hasPrefix("/older")
        let page = session.messages.filter { !isOlder || $0 < before }.suffix(5)
        let older = page.first.flatMap { $0 == session.messages.first ? nil : #","older":"m\#($0)""# } ?? ""
        let status = isOlder ? "" : #","status":"\#(session.isBusy ? "busy" : "idle")""#
        return #"{"messages":[\#(page.map { "\"m\($0)\"" }.joined(separator: ","))]\#(older)\#(status)}"#
    }

    // Steps.

    mutating func connect() {
        guard !isSubscribed else { return }
        isSubscribed = true
        wantsReconnect = false
        give(.subscribed(FakeAdapter()))
        give(.frame(Array(#"{"hello":true}"#.utf8)))
    }

    mutating func cut() {
        guard isSubscribed else { return }
        isSubscribed = false
        frames = []
        give(.streamEnded)
    }

    mutating func deliver() { if !frames.isEmpty { give(.frame(frames.removeFirst())) } }

    mutating func settleBatch(refusing: Bool = false) {
        guard !batches.isEmpty else { return }
        let batch = batches.removeFirst()
        if refusing { return give(.refused(batch: batch.number)) }
        for append in batch.appends {
            for event in append.events {
                log[append.topic.text, default: []].append(event)
                folds[append.topic.text, default: FoldedSession()].apply(event)
            }
            if let record = append.record { records[append.topic.text] = record }
        }
        give(.committed(batch: batch.number))
    }

    mutating func answerLoad() {
        guard !loads.isEmpty else { return }
        let load = loads.removeFirst()
        var held = folds[load.session] ?? FoldedSession()
        let older = held.messages.filter { message in load.before.map { message.created < $0.created } ?? true }
        held.messages = Array(older.suffix(load.messages))
        give(.loaded(LoadedSession(load, record: records[load.session], held: held)))
    }

    mutating func answerRequest() {
        guard !requests.isEmpty else { return }
        let request = requests.remove(at: Int.random(in: 0..<requests.count, using: &random))
        let isRefused = !isReadable && request.target != "/list"
        let body = isRefused ? "{}" : body(request.target)
        give(
            .answers(
                exchange: request.exchange, [.answered(status: isRefused ? 500 : 200, isJSON: true, headers: [], body: Array(body.utf8))]))
    }

    mutating func recall() {
        guard isRecalled else { return }
        isRecalled = false
        give(.known(known))
    }

    /// The relay is killed and started again: what was not committed never was.
    mutating func restart() {
        cut()
        (batches, loads, requests) = ([], [], [])
        (isRecalled, wantsReconnect) = (false, false)
        machine = IngestMachine()
        give(.known(known))
    }

    private var known: KnownLog {
        let all = folds.filter { $0.key.hasPrefix("ses_") }.map { id, fold in
            KnownSession(id: id, isBusy: fold.status == .busy, record: records[id], said: fold.session?["updated"]?.int)
        }
        return KnownLog(sessions: all, newest: log.isEmpty ? nil : now, record: records["opencode"])
    }

    mutating func pass(_ time: Int64) {
        now += time
        give(.woke)
    }

    /// Everything goes well until nothing is left to do.
    mutating func calm() {
        isReadable = true
        for _ in 0..<5_000 {
            recall()
            if wantsReconnect { cut() }
            connect()
            deliver()
            settleBatch()
            answerLoad()
            answerRequest()
            pass(1_000)
        }
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: talk()
        case 30..<50: deliver()
        case 50..<65: settleBatch()
        case 65..<75: answerLoad()
        case 75..<85: answerRequest()
        case 85..<88: connect()
        case 88..<90: cut()
        case 90: settleBatch(refusing: true)
        case 91: isReadable.toggle()
        case 92: restart()
        case 93..<95: recall()
        case 95..<97: if wantsReconnect { cut() }
        case 97: pass(70_000)
        default: pass(400)
        }
    }
}

/// The same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
