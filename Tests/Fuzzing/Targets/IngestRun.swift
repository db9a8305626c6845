// One machine and the world around it, driven by lines. One that begins with `{` is a frame; else its first letter says:
//   a PATH STATUS BODY  what REST answers from now on        A  the oldest request is answered        W  the oldest wait is over
//   f  flush        c  the oldest batch is committed        x  it is refused        l  the oldest load is answered
//   E  the stream ends        S  it is open again        k  the log is recalled        o SESSION  somebody opens it        C, p  created, prompted
//   t ID, T ID, F ID  a reply is under way, went well, failed        n MS  time passes        h  heard        O  an oversize frame
// At the end all that is owed is given, and nothing may be left over.

import EventLog
import OpenCode
import RelayProtocol
import Wire

@testable import Ingest

struct IngestRun {
    private var machine = IngestMachine()
    private let adapter: any UpstreamAdapter
    private var log = LogModel()
    private var answers = NotedAnswers()
    private var batches: [(number: Int, appends: [Append])] = []
    private var lastBatch = 0
    private var loads: [SessionLoad] = []
    private var recalls = 0
    private var requests: [(exchange: Int, [UpstreamRequest])] = []
    private var waits: [Int] = []
    private var tickets: Set<Int> = []
    private var nextTicket = 1
    private var now: Int64 = 1_795_000_000_000

    init(adapter: any UpstreamAdapter) {
        self.adapter = adapter
        give(.known(KnownLog(sessions: [KnownSession(id: "ses_1", isBusy: true)], newest: now - 5000)))
        give(.subscribed(adapter))
    }

    mutating func take(_ line: [UInt8]) {
        now += 20
        let rest = Array(line.dropFirst(2))
        switch line[0] {
        case UInt8(ascii: "a"): answers.note(rest)
        case UInt8(ascii: "A"): answer()
        case UInt8(ascii: "W"): if let exchange = waits.first { waited(exchange) }
        case UInt8(ascii: "f"): give(.flush)
        case UInt8(ascii: "c"): commit()
        case UInt8(ascii: "x"): refuse()
        case UInt8(ascii: "l"): load()
        case UInt8(ascii: "n"): pass(Int64(text(rest).prefix(6)) ?? 30_000)
        case UInt8(ascii: "{"): give(.frame(line))
        default: takeRare(line[0], text(rest))
        }
    }

    private mutating func takeRare(_ letter: UInt8, _ rest: String) {
        let session = rest.isEmpty ? log.anySession : rest
        switch letter {
        case UInt8(ascii: "E"): give(.streamEnded)
        case UInt8(ascii: "S"): give(.subscribed(adapter))
        case UInt8(ascii: "o"): give(.open(session: session, ticket: newTicket()))
        case UInt8(ascii: "C"): give(.created(session: session, ticket: newTicket()))
        case UInt8(ascii: "p"): give(.prompted(session: session, sentAt: now))
        case UInt8(ascii: "k"): recall()
        case UInt8(ascii: "t"): give(.acting(object: rest, session: log.anySession, by: "owner"))
        case UInt8(ascii: "T"): give(.acted(object: rest, succeeded: true))
        case UInt8(ascii: "F"): give(.acted(object: rest, succeeded: false))
        case UInt8(ascii: "h"): give(.heard)
        case UInt8(ascii: "O"): give(.oversizeFrame(bytes: 17 << 20))
        default: give(.frame(Array(rest.utf8)))
        }
    }

    private mutating func newTicket() -> Int {
        tickets.insert(nextTicket)
        nextTicket += 1
        return nextTicket - 1
    }

    private mutating func give(_ input: IngestMachine.Input) {
        for action in machine.receive(input, now: now) { carryOut(action) }
        let feeds = machine.feeds.sessions.compactMap { machine.feeds.place(of: $0) }.map { machine.feeds[$0] }
        let waiting = feeds.reduce(0) { $0 + $1.waiting.reduce(0) { $0 + $1.raw.count } }
        check(machine.waitingBytes == waiting, "\(waiting) bytes wait, \(machine.waitingBytes) are counted")
    }

    private mutating func carryOut(_ action: IngestMachine.Action) {
        switch action {
        case .load(let load): loads.append(load)
        case .recall: recalls += 1
        case .send(let exchange, let asked): requests.append((exchange, asked))
        case .wait(let exchange, _): waits.append(exchange)
        case .append(let number, let appends, _):
            check(number == lastBatch + 1, "the batch \(number) after \(lastBatch)")
            lastBatch = number
            for event in appends.flatMap(\.events) {
                EventChecks.canBeLogged(event)
                check(event.payload.count <= Limits.eventBytes, "an event of \(event.payload.count) bytes")
            }
            batches.append((number, appends))
        case .opened(let ticket, _): check(tickets.remove(ticket) != nil, "the ticket \(ticket) is answered twice")
        case .pauseStream, .resumeStream, .reconnect, .warn: break
        }
    }

    // The world.

    private mutating func answer() {
        guard !requests.isEmpty else { return }
        let (exchange, asked) = requests.removeFirst()
        give(.answers(exchange: exchange, asked.map { answers.answer($0) }))
    }

    private mutating func waited(_ exchange: Int) {
        waits.removeFirst()
        give(.waited(exchange: exchange))
    }

    private mutating func commit() {
        guard !batches.isEmpty else { return }
        let batch = batches.removeFirst()
        log.commit(batch.appends)
        give(.committed(batch: batch.number))
    }

    private mutating func refuse() {
        guard !batches.isEmpty else { return }
        give(.refused(batch: batches.removeFirst().number))
    }

    private mutating func load() {
        guard !loads.isEmpty else { return }
        give(.loaded(log.loaded(loads.removeFirst())))
    }

    private mutating func recall() {
        guard recalls > 0 else { return }
        recalls -= 1
        give(.known(log.known))
    }

    private mutating func pass(_ milliseconds: Int64) {
        now += milliseconds
        give(.woke)
    }

    /// Gives all that is owed. REST is gone by then, so that it comes to an end.
    mutating func finish() {
        answers = NotedAnswers()
        for _ in 0..<400 {
            give(.flush)
            if loads.isEmpty, requests.isEmpty, waits.isEmpty, batches.isEmpty, recalls == 0 { break }
            load()
            recall()
            answer()
            commit()
            if let exchange = waits.first { waited(exchange) }
        }
        for input in [IngestMachine.Input.streamEnded, .stopping, .flush] { give(input) }
        while !batches.isEmpty { commit() }
        check(machine.publisher.queuedBytes == 0, "\(machine.publisher.queuedBytes) bytes wait for the log for ever")
        check(tickets.isEmpty, "the tickets \(tickets) are never answered")
        for session in log.sessions { FoldChecks.isSound(session) }
    }
}
