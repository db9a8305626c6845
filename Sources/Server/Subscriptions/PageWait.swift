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
    /// Where it reads from: what the client said, then where that stood.
    private var point: JudgeRequest.Point
    private var timer: TimerToken?
    private var hasTime: Bool

    init(token: UInt64, read: EventsRead, responder: Responder, owner: Subscriptions) {
        self.token = token
        self.read = read
        self.responder = responder
        self.owner = owner
        point = JudgeRequest.Point(read.target.after)
        hasTime = read.wait > .zero && !owner.owner.isDraining
    }

    func begin() {
        if hasTime {
            timer = owner.owner.loop.schedule(after: read.wait) { [weak self] in self?.giveUp() }
        }
        ask()
    }

    private func ask() {
        owner.ask(ReadQuestion(topic: read.target.topic, point: point, limit: read.limit), token)
    }

    /// What the log has. A page without news waits, if that is wanted.
    func read(_ answer: Result<ReadPage, Problem>) {
        switch answer {
        case .failure(let problem): finish(.problem(problem))
        case .success(let page):
            guard hasTime, page.isWithoutNews else { return finish(page.answer) }
            point = .text(Array(page.start.begin.description.utf8))
            owner.broker.await(read.target.topic, after: page.start.begin, token: token)
            owner.turn()
        }
    }

    /// There may be something.
    func arrived() { ask() }

    /// The time is up, the client has ended its side, or the server ends: what there is now is the answer.
    func giveUp() {
        guard hasTime else { return }
        hasTime = false
        owner.broker.cancelWait(read.target.topic, token: token)
        ask()
        owner.turn()
    }

    /// Nobody is there for the answer.
    func abandon() { end() }

    private func finish(_ answer: HTTPAnswer) {
        responder.send(answer)
        end()
    }

    /// However it ends, the topic is let go: one who was told that there is something has no place in its feed any more.
    private func end() {
        if let timer { owner.owner.loop.cancel(timer) }
        owner.broker.cancelWait(read.target.topic, token: token)
        owner.forget(self)
        owner.turn()
    }
}
