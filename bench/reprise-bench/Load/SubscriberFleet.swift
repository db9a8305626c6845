// All subscribers of a run, on one loop: opens them, a few at a time, and tells when every one of them has heard a line.

import Reactor

final class SubscriberFleet {
    /// Handshakes under way at once: fewer than a listener's backlog holds.
    private static let openingAtOnce = 500

    let transcript: Transcript
    /// Set while deliveries are timed.
    var clock: LatencyClock?
    /// What a subscriber asks for.
    let request: String
    private let loop: EventLoop
    private let target: LoadTarget
    private let wanted: Int
    private var opened = 0
    private var subscribedCount = 0
    private var thereCount = 0
    private var subscribers: [LoadSubscriber] = []
    private var onFailure: ((String) -> Void)?
    private var onOpen: (() -> Void)?
    private var onAll: (() -> Void)?

    /// - Parameters:
    ///   - after: where they begin; nil for the head.
    ///   - firstEvent: the number of the first event that they hear.
    init(
        loop: EventLoop, target: LoadTarget, count: Int, path: String = "/v1/topics/bench", after: String? = nil, firstEvent: Int = 1,
        _ onFailure: @escaping (String) -> Void
    ) {
        self.loop = loop
        self.target = target
        wanted = count
        request = target.subscribeTarget(path, after: after)
        transcript = Transcript(firstLine: firstEvent)
        self.onFailure = onFailure
    }

    /// `done` is called when all have subscribed.
    func open(_ done: @escaping () -> Void) {
        onOpen = done
        for _ in 0..<min(wanted, Self.openingAtOnce) { openNext() }
    }

    /// Calls `done` when every subscriber has heard event `number`.
    func expect(event number: Int, _ done: @escaping () -> Void) {
        onAll = done
        thereCount = 0
        transcript.expect(line: number)
        for subscriber in subscribers { subscriber.isThere = false }
        for subscriber in subscribers where subscriber.heardBytes >= transcript.awaitedEnd { isThere(subscriber) }
    }

    func close() {
        (onFailure, onOpen, onAll) = (nil, nil, nil)
        for subscriber in subscribers { subscriber.close() }
        subscribers = []
    }

    // What the subscribers say.

    func subscribed() {
        subscribedCount += 1
        if opened < wanted { openNext() }
        guard subscribedCount == wanted else { return }
        let tell = onOpen
        onOpen = nil
        tell?()
    }

    func isThere(_ subscriber: LoadSubscriber) {
        subscriber.isThere = true
        thereCount += 1
        guard thereCount == wanted else { return }
        let tell = onAll
        onAll = nil
        tell?()
    }

    func failed(_ reason: String) {
        let tell = onFailure
        (onFailure, onOpen, onAll) = (nil, nil, nil)
        tell?(reason)
    }

    private func openNext() {
        opened += 1
        _ = Connector(loop: loop, host: target.origin.host, port: target.port, timeout: .seconds(30)) { [self] outcome in
            switch outcome {
            case .success(let connection): subscribers.append(LoadSubscriber(connection, target: target, fleet: self))
            case .failure(let error): failed("\(error)")
            }
        }
    }
}
