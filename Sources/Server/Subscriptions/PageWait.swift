// A page of lines (NDJSON): answered at once, or, where nothing is there yet and the client waits, at the next event.

import Broker
import EventLog
import Reactor
import RelayProtocol

/// One page under way. Confined to the loop.
final class PageWait {
    let token: UInt64
    private let read: EventsRead
    private let responder: Responder
    private unowned let owner: Subscriptions
    private var start: Start?
    private var timer: TimerToken?
    private var isOver = false

    init(token: UInt64, read: EventsRead, responder: Responder, owner: Subscriptions) {
        self.token = token
        self.read = read
        self.responder = responder
        self.owner = owner
    }

    func begin() { ask() }

    private func ask() {
        owner.ask(ReadQuestion(topic: read.target.topic, point: JudgeRequest.Point(read.target.after), start: start, limit: read.limit), token)
    }

    /// What the log has. An empty page waits, if that is wanted and nothing was told instead of events.
    func read(_ answer: ReadAnswer) {
        guard !isOver else { return }
        switch answer {
        case .failed(let problem): finish(.problem(problem))
        case .page(let page):
            let waits = page.count == 0 && start == nil && read.wait > .zero && page.start.lines.count == 1
            guard waits else { return finish(page.answer) }
            start = page.start
            timer = owner.owner.loop.schedule(after: read.wait) { [weak self] in self?.arrived() }
            owner.broker.await(read.target.topic, after: page.start.begin, token: token)
            owner.turn()
        }
    }

    /// There is something, or the time is up: what there is now is the answer.
    func arrived() {
        if let timer { owner.owner.loop.cancel(timer) }
        timer = nil
        owner.broker.cancelWait(read.target.topic, token: token)
        ask()
        owner.turn()
    }

    /// The server ends.
    func giveUp() { if timer != nil { arrived() } }

    private func finish(_ answer: HTTPAnswer) {
        isOver = true
        responder.send(answer)
        owner.forget(self)
    }
}

/// What a page is asked for: judged anew, or going on where a judgement stood.
struct ReadQuestion: Sendable {
    var topic: TopicName
    var point: JudgeRequest.Point
    var start: Start?
    var limit: Int

    func answer(in snapshot: LogSnapshot) throws -> ReadPage {
        let start = try self.start ?? StartReader.start(JudgeRequest(topic: topic, point: point), in: snapshot)
        let page = try snapshot.page(topic, after: start.begin.offset, maxBytes: Limits.pageLineBytes, maxEvents: limit)
        var body: [UInt8] = []
        for line in start.lines { body += line.bytes }
        body += page.bytes
        let position = page.count > 0 ? page.last : start.begin
        body += ControlLine.end(position: position, head: try snapshot.head(topic))
        return ReadPage(start: start, count: page.count, body: body)
    }
}

struct ReadPage: Sendable {
    var start: Start
    var count: Int
    var body: [UInt8]

    var answer: HTTPAnswer {
        HTTPAnswer(200, headers: ["content-type": "application/x-ndjson", "cache-control": "no-store"], body: body)
    }
}

enum ReadAnswer: Sendable {
    case page(ReadPage)
    case failed(Problem)

    init(_ result: Result<ReadPage, any Error>) {
        switch result {
        case .success(let page): self = .page(page)
        case .failure(let error): self = .failed(error as? Problem ?? Problem(.internal))
        }
    }
}
