// Drives the machine as its owner would, with the log's and OpenCode's answers given by hand.

import EventLog
import OpenCode
import RelayProtocol
import Wire

@testable import Ingest

struct MachineDriver {
    var machine = IngestMachine()
    var now: Int64 = 1_000
    /// What is published is committed at once.
    var commitsAtOnce = true
    /// What was published, committed or not.
    var log: [String: [String]] = [:]
    var records: [String: [UInt8]] = [:]
    var requests: [(exchange: Int, target: String)] = []
    var loads: [SessionLoad] = []
    var batches: [Int] = []
    var opened: [Int: Bool] = [:]
    var reconnects = 0
    /// The pauses before them.
    var recalls: [Duration] = []
    var warnings: [String] = []

    mutating func give(_ input: IngestMachine.Input) {
        take(machine.receive(input, now: now))
        take(machine.receive(.flush, now: now))
        if commitsAtOnce { commit() }
    }

    private mutating func take(_ actions: [IngestMachine.Action]) {
        for action in actions {
            switch action {
            case .append(let batch, let appends, _):
                batches.append(batch)
                for append in appends {
                    log[append.topic.text, default: []] += append.events.map(MachineDriver.short)
                    if let record = append.record { records[append.topic.text] = record }
                }
            case .send(let exchange, let all): requests += all.map { (exchange, $0.target) }
            case .load(let load): loads.append(load)
            case .opened(let ticket, let imported): opened[ticket] = imported
            case .reconnect: reconnects += 1
            case .recall(let pause): recalls.append(pause)
            case .warn(let what, _): warnings.append(what)
            case .wait, .pauseStream, .resumeStream: break
            }
        }
    }

    mutating func start(_ sessions: [KnownSession] = [], heard: Int64? = nil) {
        give(.known(KnownLog(sessions: sessions, newest: heard, record: records["opencode"])))
    }

    /// Commits what is on its way, until nothing is.
    mutating func commit() {
        while !batches.isEmpty { give(.committed(batch: batches.removeFirst())) }
    }

    mutating func greet() {
        give(.subscribed(FakeAdapter()))
        frame(#"{"hello":true}"#)
    }

    mutating func connect() {
        greet()
        commit()
    }

    /// A connection to an OpenCode without sessions.
    mutating func follow() {
        start()
        connect()
        answer("/list", #"{"sessions":[]}"#)
    }

    mutating func frame(_ text: String) { give(.frame(Array(text.utf8))) }

    /// Answers the first request whose target begins so, once what was said is committed.
    mutating func answer(_ target: String, _ body: String, status: Int = 200) {
        answer(target, with: .answered(status: status, isJSON: true, headers: [], body: Array(body.utf8)))
    }

    mutating func answer(_ target: String, with answer: UpstreamAnswer) {
        commit()
        guard let place = requests.firstIndex(where: { $0.target.hasPrefix(target) }) else { return }
        let exchange = requests.remove(at: place).exchange
        give(.answers(exchange: exchange, [answer]))
        commit()
    }

    /// Answers the load that a session waits for.
    mutating func load(_ session: String, messages: [String] = [], busy: Bool = false) {
        commit()
        guard let place = loads.lastIndex(where: { $0.session == session }) else { return }
        let load = loads.remove(at: place)
        var held = FoldedSession()
        held.session = try? JSON.parse(Array(#"{"id":"\#(session)","updated":1}"#.utf8))
        held.status = busy ? .busy : .idle
        for id in messages { held.apply(.message(id, FakeMessage.object(id))) }
        give(.loaded(LoadedSession(load, record: records[session], held: held)))
        commit()
    }

    mutating func pass(_ time: Int64) {
        now += time
        give(.woke)
    }

    static func short(_ event: Event) -> String {
        let value = try? JSON.parse(event.payload, depth: Limits.lineDepth)
        let more = (event.origin.map { " \($0.rawValue)" } ?? "") + (event.by.map { " by \($0)" } ?? "")
        switch event.kind {
        case .upstream: return value?["payload"]?["text"]?.string ?? "?"
        case .outage:
            let lost = (value?["lost"]?.items ?? []).compactMap(\.string).joined(separator: " and ")
            return (value?["healed"] != nil ? "healed" : "outage") + (lost.isEmpty ? "" : " without \(lost)")
        case .status: return "status \(value?["status"]?.string ?? "")"
        default: return event.kind.rawValue + (event.id.map { " \($0)" } ?? "") + more
        }
    }
}
