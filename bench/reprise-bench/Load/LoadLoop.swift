// The load generator's inside: one loop with the fleet and one publisher. Commands come one at a time; each is answered once.

import Reactor
import Wire

final class LoadLoop {
    private let loop: EventLoop
    private let reports: BlockingQueue<LoadReport>
    private var fleet: SubscriberFleet?
    private var publisher: HTTPClient?
    private var target: LoadTarget?
    private var isBusy = false

    init(_ loop: EventLoop, reports: BlockingQueue<LoadReport>) {
        self.loop = loop
        self.reports = reports
    }

    func carryOut(_ command: LoadCommand) {
        isBusy = true
        switch command {
        case .subscribe(let target, let count): subscribe(target, count)
        case .publish(let publication): publish(publication)
        case .close:
            fleet?.close()
            (fleet, publisher, target) = (nil, nil, nil)
            report(.done)
        }
    }

    private func subscribe(_ target: LoadTarget, _ count: Int) {
        self.target = target
        publisher = HTTPClient(loop: loop, origin: target.origin, maxConnections: 1)
        let fleet = SubscriberFleet(loop: loop, target: target, count: count) { [unowned self] in report(.failed($0)) }
        self.fleet = fleet
        fleet.open { [unowned self] in report(.done) }
    }

    private func publish(_ publication: Publication) {
        switch publication.pace {
        case .oneByOne: publishNext(publication, publication.events.lowerBound)
        case .stream(let batch):
            let answered = Countdown(2) { [unowned self] in report(.done) }
            fleet?.expect(event: publication.events.upperBound, answered.step)
            publishBatch(publication, from: publication.events.lowerBound, batch, answered.step)
        }
    }

    /// The next event when this one has reached everybody and was answered.
    private func publishNext(_ publication: Publication, _ number: Int) {
        guard number <= publication.events.upperBound else { return report(.done) }
        let next = Countdown(2) { [unowned self] in publishNext(publication, number + 1) }
        fleet?.expect(event: number, next.step)
        post(publication.event(number), type: "application/json", next.step)
    }

    private func publishBatch(_ publication: Publication, from first: Int, _ batch: Int, _ done: @escaping () -> Void) {
        guard first <= publication.events.upperBound else { return done() }
        let last = min(first + batch - 1, publication.events.upperBound)
        var lines: [UInt8] = []
        for number in first...last { lines += publication.event(number) + [0x0A] }
        post(lines, type: "application/x-ndjson") { [unowned self] in publishBatch(publication, from: last + 1, batch, done) }
    }

    private func post(_ body: [UInt8], type: String, _ done: @escaping () -> Void) {
        guard let target, let publisher else { return report(.failed("nothing to publish to")) }
        let headers = HTTPHeaders([("Content-Type", type)] + target.headers)
        let request = HTTPRequest(method: "POST", target: target.publishTarget, headers: headers, body: body)
        publisher.request(request, timeout: .seconds(60), maxBodyBytes: 64 << 10) { [unowned self] outcome in
            switch outcome {
            case .success(let response) where response.head.status == 200: done()
            case .success(let response):
                report(.failed("publishing was answered with \(response.head.status): \(String(decoding: response.body, as: UTF8.self))"))
            case .failure(let error): report(.failed("publishing failed: \(error)"))
            }
        }
    }

    private func report(_ report: LoadReport) {
        guard isBusy else { return }
        isBusy = false
        reports.post(always: report)
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
