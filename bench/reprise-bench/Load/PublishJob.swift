// Publishes to a fleet, at one of three paces, and is done when every subscriber has everything.

import Reactor

final class PublishJob {
    /// Enough that an event that is due need not wait for the answers to those before it.
    private static let pacedPublishers = 8

    private let loop: EventLoop
    private let target: LoadTarget
    private let publication: Publication
    private let fleet: SubscriberFleet
    private let done: (LoadReport) -> Void
    private var publishers: [Publisher] = []
    private var begin = Instant.current
    private var late = Duration.zero

    init(
        _ loop: EventLoop, _ target: LoadTarget, _ publication: Publication, _ fleet: SubscriberFleet,
        _ done: @escaping (LoadReport) -> Void
    ) {
        (self.loop, self.target, self.publication, self.fleet, self.done) = (loop, target, publication, fleet, done)
    }

    func start() {
        let count = if case .paced = publication.pace { Self.pacedPublishers } else { 1 }
        for _ in 0..<count {
            Publisher.open(loop, target, failed: { [self] in finish(.failed($0)) }) { [self] publisher in
                publishers.append(publisher)
                if publishers.count == count { begin(publication.pace) }
            }
        }
    }

    private func finish(_ report: LoadReport) {
        for publisher in publishers { publisher.close() }
        publishers = []
        done(report)
    }

    private func begin(_ pace: Publication.Pace) {
        let first = publication.events.lowerBound
        switch pace {
        case .oneByOne: publishNext(first)
        case .stream(let batch):
            let answered = Countdown(2) { [self] in finish(.done) }
            fleet.expect(event: publication.events.upperBound, answered.step)
            publishBatch(from: first, batch, answered.step)
        case .paced(let perSecond):
            fleet.clock = LatencyClock(firstEvent: first)
            begin = .current
            fleet.expect(event: publication.events.upperBound) { [self] in report() }
            publishDue(first, every: .nanoseconds(1_000_000_000 / Int64(perSecond)))
        }
    }

    /// The next event when this one has reached everybody and was answered.
    private func publishNext(_ number: Int) {
        guard number <= publication.events.upperBound else { return finish(.done) }
        let next = Countdown(2) { [self] in publishNext(number + 1) }
        fleet.expect(event: number, next.step)
        publishers[0].post(publication.request(number, to: target), next.step)
    }

    private func publishBatch(from first: Int, _ batch: Int, _ done: @escaping () -> Void) {
        guard first <= publication.events.upperBound else { return done() }
        let last = min(first + batch - 1, publication.events.upperBound)
        publishers[0].post(publication.request(first...last, to: target)) { [self] in publishBatch(from: last + 1, batch, done) }
    }

    /// Never waits for an answer: as long as a publisher is free, an event leaves when it is due.
    private func publishDue(_ number: Int, every interval: Duration) {
        guard number <= publication.events.upperBound else { return }
        let due = begin + interval * (number - publication.events.lowerBound)
        guard due <= .current, let free = publishers.first(where: { !$0.isBusy }) else {
            return wait(until: due) { [self] in publishDue(number, every: interval) }
        }
        late = max(late, .current - due)
        fleet.clock?.sends(dueAt: due)
        free.post(publication.request(number, to: target)) {}
        publishDue(number + 1, every: interval)
    }

    /// The loop sleeps whole milliseconds, and rounds up: what it would oversleep would count as the server's. So it goes round in the last one.
    private func wait(until time: Instant, _ body: @escaping () -> Void) {
        loop.schedule(after: max(time - .current - .milliseconds(1), .zero), body)
    }

    private func report() {
        defer { fleet.clock = nil }
        guard let clock = fleet.clock else { return finish(.failed("nothing was timed")) }
        finish(.latencies(clock.latencies(late: late)))
    }
}

/// Calls once when it has been stepped so often.
private final class Countdown {
    private var left: Int
    private let done: () -> Void

    init(_ count: Int, _ done: @escaping () -> Void) {
        left = count
        self.done = done
    }

    func step() {
        left -= 1
        if left == 0 { done() }
    }
}
