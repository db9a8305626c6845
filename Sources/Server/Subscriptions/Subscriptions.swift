// What stays open on one loop: WebSockets, event streams and waits for a page, all on one broker. This class carries the broker's wishes to
// the log and the log's answers to the broker; it flushes once per turn of the loop, after all input of the turn is in.

import Broker
import EventLog
import Reactor
import RelayProtocol
import Wire

final class Subscriptions {
    /// Notices that wait before the writer is told "full".
    private static let mailboxCapacity = 16_384

    unowned let owner: ServerLoop
    let broker = Broker(budget: RingBudget())
    private let sink: LoopSink
    private var streams: [UInt64: any OpenStream] = [:]
    private var waits: [UInt64: PageWait] = [:]
    private var lastNumber: UInt64 = 0
    private var isTurnDue = false
    private var isBeating = false
    private var drained: (() -> Void)?

    init(_ owner: ServerLoop) {
        self.owner = owner
        sink = LoopSink(capacity: Self.mailboxCapacity)
        owner.loop.attach(sink.mailbox) { [unowned self] notices in
            for notice in notices { handle(notice) }
            turn()
        }
    }

    // What the log tells.

    private func handle(_ notice: LogNotice) {
        switch notice {
        case .commit(.watching(let topic, let head)): broker.watching(topic, head: head)
        case .commit(.committed(let lines)): broker.committed(lines.topic, LineBatch(lines))
        case .commit(.behind(let topic, let head)): broker.behind(topic, head: head)
        case .commit(.removed(let topic)): broker.removed(topic)
        case .judged(let request, let result): broker.judged(request, result)
        case .read(let request, let result): broker.read(request, result)
        case .answered(let token, let answer): waits[token]?.read(answer)
        case .replied(let number, let line): streams[number].map { broker.send(line, to: $0.subscriber) }
        }
    }

    /// Has the broker's wishes carried out and its frames sent when the input of this turn is in.
    func turn() {
        guard !isTurnDue else { return }
        isTurnDue = true
        owner.loop.atEndOfTurn { [unowned self] in
            isTurnDue = false
            broker.flush()
            var actions = broker.takeActions()
            while !actions.isEmpty {
                for action in actions { carryOut(action) }
                actions = broker.takeActions()
            }
        }
    }

    private func carryOut(_ action: BrokerAction) {
        let (log, mailbox) = (owner.services.log, sink.mailbox)
        switch action {
        case .watch(let topic): log.watch(topic, sink)
        case .unwatch(let topic): log.unwatch(topic, sink)
        case .judge(let request):
            log.read { reader in try reader.transaction { try StartReader.start(request, in: $0) } } _: { result in
                _ = mailbox.post(always: .judged(request, Result(reading: result)))
            }
        case .page(let request):
            log.read { reader in try reader.transaction { try StartReader.page(request, in: $0) } } _: { result in
                _ = mailbox.post(always: .read(request, Result(reading: result)))
            }
        case .arrived(let token): waits[token]?.arrived()
        }
    }

    // What opens.

    func openWebSocket(head: HTTPRequestHead, remainder: [UInt8], target: SubscriptionTarget, connection: Connection) {
        let offer: WebSocketOffer
        do {
            offer = try WebSocketHandshake.offer(in: head)
        } catch {
            connection.answerAndClose(.problem(Problem(ProblemCode(status: error.status), error.detail), headers: error.headers))
            return owner.figures.open.subtract()
        }
        let stream = WebSocketStream(number: nextNumber(), connection: connection, offer: offer, topic: target.topic, owner: self)
        open(stream, target, .webSocket)
        stream.begin(remainder)
    }

    func openEventStream(_ target: SubscriptionTarget, connection: Connection) {
        open(EventStream(number: nextNumber(), connection: connection, owner: self), target, .sse)
    }

    private func open(_ stream: any OpenStream, _ target: SubscriptionTarget, _ encoding: LineEncoding) {
        owner.figures.subscribers.add()
        streams[stream.number] = stream
        stream.subscriber = broker.subscribe(target.topic, from: JudgeRequest.Point(target.after), in: encoding, outlet: stream)
        have(target.topic)
        beat()
        turn()
    }

    /// The first to look at a session has it imported; what comes of that comes as events.
    private func have(_ topic: TopicName) {
        if topic.kind == .session { owner.services.open(topic.text) { _ in } }
    }

    func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// The stream's connection is gone.
    func forget(_ stream: any OpenStream) {
        guard streams.removeValue(forKey: stream.number) != nil else { return }
        broker.leave(stream.subscriber)
        owner.figures.subscribers.subtract()
        owner.figures.open.subtract()
        turn()
        if streams.isEmpty { finishDrain() }
    }

    /// A command's answer on its way back to a WebSocket.
    func reply(to number: UInt64) -> @Sendable ([UInt8]) -> Void {
        let mailbox = sink.mailbox
        return { _ = mailbox.post(always: .replied(subscription: number, line: $0)) }
    }

    // Pages.

    func answerPage(_ read: EventsRead, _ responder: Responder) {
        let token = nextNumber()
        let wait = PageWait(token: token, read: read, responder: responder, owner: self)
        waits[token] = wait
        have(read.target.topic)
        wait.begin()
    }

    func ask(_ question: ReadQuestion, _ token: UInt64) {
        let mailbox = sink.mailbox
        owner.services.log.read { reader in try reader.transaction { try question.answer(in: $0) } } _: { result in
            _ = mailbox.post(always: .answered(token: token, ReadAnswer(result)))
        }
    }

    func forget(_ wait: PageWait) { waits[wait.token] = nil }

    // Heartbeats.

    /// One timer for all, only while somebody is there.
    private func beat() {
        guard !isBeating else { return }
        isBeating = true
        owner.loop.schedule(after: owner.options.heartbeat) { [unowned self] in
            isBeating = false
            for stream in streams.values { beat(stream) }
            broker.hibernate()
            if !streams.isEmpty { beat() }
            turn()
        }
    }

    private func beat(_ stream: any OpenStream) {
        guard let subscriber = stream.subscriber else { return }
        if subscriber.isBlocked {
            if !subscriber.takeHasMoved() { stream.stalled(for: owner.options.heartbeat) }
        } else {
            stream.moved()
            if let beat = broker.heartbeat(subscriber) { broker.send(ControlLine.heartbeat(head: beat.head, sent: beat.sent), to: subscriber) }
        }
    }

    // The end.

    /// Every subscriber gets a time of its own to come back at, 5 ms apart on each loop, and is closed with 1001.
    func drain(_ done: @escaping () -> Void) {
        drained = done
        for wait in waits.values { wait.giveUp() }
        for (place, stream) in streams.values.enumerated() {
            let slot = 250 + place * 5
            broker.send(ControlLine.drain(retryMilliseconds: min(slot, 30_000)), to: stream.subscriber)
            stream.goAway()
        }
        turn()
        if streams.isEmpty { return finishDrain() }
        owner.loop.schedule(after: owner.options.drainTimeout) { [weak self] in
            guard let self else { return }
            for stream in streams.values { stream.cut() }
            finishDrain()
        }
    }

    private func finishDrain() {
        let done = drained
        drained = nil
        done?()
    }
}

extension LineBatch {
    init(_ lines: CommittedLines) {
        self.init(previous: lines.previous, last: lines.last, epoch: lines.epoch, bytes: lines.bytes, ends: lines.ends, offsets: lines.offsets)
    }
}

extension Connection {
    func answerAndClose(_ answer: HTTPAnswer) {
        handler = nil
        var output: [UInt8] = []
        answer.encoded(isHead: false, keepAlive: false, into: &output)
        write(output)
        closeAfterFlush()
    }
}
