// One server loop around a real broker: it takes what its mailbox and its sockets have, flushes a slice at the end of each turn, and carries
// the broker's wishes to the log.

import Broker
import EventLog
import RelayProtocol

@testable import Broker

final class ServerLoopModel {
    enum SocketEvent {
        case accepted(Pipe, TopicName, JudgeRequest.Point)
        case writable(Pipe)
        case gone(Pipe)
    }

    private static let stalledBeats = 3
    private static let deliveriesInSlice = 2
    let broker: Broker
    let budget: RingBudget
    let sink: SimulatedLoopSink
    private let ringBytes: Int
    private let log: MemoryLog
    private(set) var pipes: [Pipe] = []
    var events: [SocketEvent] = []
    /// Asked of the log's readers.
    var questions: [LogQuestion] = []

    init(_ log: MemoryLog, mailbox: Int, rings: Ring.Limits, ringBytes: Int) {
        self.log = log
        self.ringBytes = ringBytes
        budget = RingBudget(bytes: ringBytes)
        broker = Broker(budget: budget, ringLimits: rings)
        sink = SimulatedLoopSink(capacity: mailbox)
    }

    var hasWork: Bool { !events.isEmpty || !sink.notices.isEmpty || broker.isDue }
    /// Sockets that have room again for somebody who waits for it.
    var writable: [Pipe] { pipes.filter { $0.subscriber?.isBlocked == true && $0.hasRoom } }

    func awaits(_ pipe: Pipe) -> Bool {
        events.contains { if case .accepted(let accepted, _, _) = $0, accepted === pipe { true } else { false } }
    }

    /// One turn with so much of its input.
    func turn(notices: Int, events count: Int) {
        for _ in 0..<notices {
            guard let notice = sink.notices.takeFirst() else { break }
            handle(notice)
        }
        for event in events.prefix(count) { handle(event) }
        events.removeFirst(min(count, events.count))
        endTurn()
    }

    private func endTurn() {
        broker.flush(atMost: Self.deliveriesInSlice)
        var actions = broker.takeActions()
        while !actions.isEmpty {
            for action in actions { carryOut(action) }
            actions = broker.takeActions()
        }
        for pipe in pipes where pipe.isOver { forget(pipe) }
        for action in broker.takeActions() { carryOut(action) }
    }

    /// For reading a schedule that failed.
    var tell: (String) -> Void = { _ in }

    private func handle(_ notice: LoopNotice) {
        if Simulation.isTold { tell(notice.told) }
        switch notice {
        case .commit(.watching(let topic, let head)): broker.watching(topic, head: head)
        case .commit(.committed(let lines)):
            broker.committed(
                lines.topic,
                LineBatch(
                    previous: lines.previous, last: lines.last, epoch: lines.epoch, bytes: lines.bytes, ends: lines.ends,
                    offsets: lines.offsets))
        case .commit(.behind(let topic, let head)): broker.behind(topic, head: head)
        case .commit(.removed(let topic)): broker.removed(topic)
        case .judged(let request, let answer): broker.judged(request, answer)
        case .read(let request, let page): broker.read(request, .success(page))
        }
    }

    private func handle(_ event: SocketEvent) {
        switch event {
        case .accepted(let pipe, let topic, let point):
            pipes.append(pipe)
            pipe.subscriber = broker.subscribe(topic, from: point, in: pipe.encoding, outlet: pipe)
        case .writable(let pipe): if let subscriber = pipe.subscriber { broker.canSend(subscriber) }
        case .gone(let pipe): forget(pipe)
        }
    }

    private func carryOut(_ action: BrokerAction) {
        switch action {
        case .watch(let topic): log.requests.post(.watch(topic, sink))
        case .unwatch(let topic): log.requests.post(.unwatch(topic, sink))
        case .judge, .page: questions.append(.loop(action, sink))
        case .arrived: break
        }
    }

    private func forget(_ pipe: Pipe) {
        pipe.isServed = false
        pipes.removeAll { $0 === pipe }
        if let subscriber = pipe.subscriber { broker.leave(subscriber) }
        pipe.subscriber = nil
    }

    /// A heartbeat to everybody; who owes and takes nothing for long is cut.
    func beat() {
        for pipe in pipes {
            guard let subscriber = pipe.subscriber else { continue }
            if subscriber.isBlocked {
                pipe.stalledBeats += 1
                if pipe.stalledBeats > Self.stalledBeats {
                    pipe.cut()
                } else {
                    broker.canSend(subscriber)
                    broker.letGo(subscriber)
                }
            } else if let beat = broker.heartbeat(subscriber) {
                broker.send(ControlLine.heartbeat(head: beat.head, sent: beat.sent), to: subscriber)
            }
        }
        broker.hibernate()
        endTurn()
    }

    /// P6: what one connection may hold, however far it lags, and what all rings may.
    func faults(controlBytes: Int) -> [String] {
        var faults: [String] = []
        for case let subscriber? in pipes.map(\.subscriber) where subscriber.waitingControlBytes > controlBytes {
            faults.append("P6: a connection holds \(subscriber.waitingControlBytes) bytes of its own")
        }
        if budget.freeBytes < 0 || budget.freeBytes > ringBytes { faults.append("P6: \(budget.freeBytes) of \(ringBytes) bytes are free") }
        if broker.topicCount == 0, budget.freeBytes != ringBytes { faults.append("P6: rings of nobody hold memory") }
        return faults
    }
}
