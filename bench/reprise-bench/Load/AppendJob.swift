// Carries out an append plan.

import Reactor

final class AppendJob {
    private let loop: EventLoop
    private let plan: AppendPlan
    private let requests: [[UInt8]]
    private let failed: (String) -> Void
    private let done: (LoadReport) -> Void
    private var publishers: [Publisher] = []
    private var begin = Instant.current
    private var begun = 0
    private var answered = 0

    init(_ loop: EventLoop, _ target: LoadTarget, _ plan: AppendPlan, _ done: @escaping (LoadReport) -> Void) {
        (self.loop, self.plan, self.done) = (loop, plan, done)
        failed = { done(.failed($0)) }
        let event = Publication.event(1, bytes: plan.eventBytes)
        let body = plan.batch == 1 ? event : (0..<plan.batch).flatMap { _ in event + [0x0A] }
        requests = (0..<plan.topics).map { target.publishRequest(topic: "bench-\($0)", body, isBatch: plan.batch > 1) }
    }

    func start(_ target: LoadTarget) {
        for _ in 0..<plan.connections {
            Publisher.open(loop, target, failed: failed) { [self] publisher in
                publishers.append(publisher)
                if publishers.count == plan.connections { startAll() }
            }
        }
    }

    private func startAll() {
        begin = .current
        for publisher in publishers { next(publisher) }
    }

    private func next(_ publisher: Publisher) {
        guard begun < plan.requests, (.current - begin) < .milliseconds(plan.milliseconds) else {
            return answered == begun ? finish() : ()
        }
        begun += 1
        publisher.post(requests[begun % requests.count]) { [self] in
            answered += 1
            next(publisher)
        }
    }

    private func finish() {
        let nanoseconds = (Instant.current - begin).nanoseconds
        for publisher in publishers { publisher.close() }
        publishers = []
        done(.appended(AppendResult(events: answered * plan.batch, seconds: Double(nanoseconds) / 1e9)))
    }
}
