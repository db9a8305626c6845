// The load generator's inside: one loop with the fleet and the job under way. Commands come one at a time; each is answered once.

import Reactor
import Wire

final class LoadLoop {
    private let loop: EventLoop
    private let reports: BlockingQueue<LoadReport>
    private var fleet: SubscriberFleet?
    private var client: HTTPClient?
    private var target: LoadTarget?
    private var isBusy = false

    init(_ loop: EventLoop, reports: BlockingQueue<LoadReport>) {
        self.loop = loop
        self.reports = reports
    }

    func carryOut(_ command: LoadCommand) {
        isBusy = true
        switch command {
        case .subscribe(let target, let count): open(SubscriberFleet(loop: loop, target: target, count: count, failed), target)
        case .resume(let target, let resumption): resume(target, resumption)
        case .publish(let publication): publish(publication)
        case .append(let target, let plan): AppendJob(loop, target, plan) { [unowned self] in report($0) }.start(target)
        case .request(let target, let request): send(request, target)
        case .hello(let target, let path, let after):
            open(SubscriberFleet(loop: loop, target: target, count: 1, path: path, after: after, failed), target)
        case .close: close()
        }
    }

    private func failed(_ reason: String) { report(.failed(reason)) }

    private func open(_ fleet: SubscriberFleet, _ target: LoadTarget) {
        (self.fleet, self.target) = (fleet, target)
        fleet.open { [unowned self] in report(.done) }
    }

    private func resume(_ target: LoadTarget, _ resumption: Resumption) {
        let fleet = SubscriberFleet(
            loop: loop, target: target, count: resumption.subscribers, after: resumption.after, firstEvent: resumption.events.lowerBound,
            failed)
        self.fleet = fleet
        fleet.open {}
        fleet.expect(event: resumption.events.upperBound) { [unowned self] in report(.done) }
    }

    private func publish(_ publication: Publication) {
        guard let target, let fleet else { return failed("there is nobody to publish to") }
        PublishJob(loop, target, publication, fleet) { [unowned self] in report($0) }.start()
    }

    private func send(_ request: HTTPRequest, _ target: LoadTarget) {
        var request = request
        for (name, value) in target.headers { request.headers.add(name, value) }
        let client = HTTPClient(loop: loop, origin: target.origin, maxConnections: 1)
        self.client = client
        client.request(request, timeout: .seconds(60), maxBodyBytes: 64 << 20) { [unowned self] outcome in
            switch outcome {
            case .success(let response): report(.answered(response))
            case .failure(let error): failed("\(request.method) \(request.target): \(error)")
            }
        }
    }

    private func close() {
        fleet?.close()
        (fleet, target, client) = (nil, nil, nil)
        report(.done)
    }

    private func report(_ report: LoadReport) {
        guard isBusy else { return }
        isBusy = false
        reports.post(always: report)
    }
}
