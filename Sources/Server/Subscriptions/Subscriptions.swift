// What stays open on one loop: WebSockets, event streams and waits for a page, all on one broker. This class carries the broker's wishes to
// the log and the log's answers to the broker; it flushes once per turn of the loop, after all input of the turn is in.

import Broker
import EventLog
import Reactor
import RelayProtocol
import Sessions
import Wire

final class Subscriptions {
    /// Notices that wait before the writer is told "full".
    private static let mailboxCapacity = 16_384
    /// A third of a millisecond where each has one event to get.
    private static let deliveriesInSlice = 64

    unowned let owner: ServerLoop
    let broker: Broker
    private let sink: LoopSink
    private var streams = StreamTable()
    private var waits: [UInt64: PageWait] = [:]
    private var lastWait: UInt64 = 0
    private var isTurnDue = false
    private var clock: HeartbeatClock
    private var nextBeat: TimerToken?
    /// What was said last: most who wait have the same to hear.
    private var lastBeat: (head: Position, sent: Position, line: [UInt8])?
    private var whenEmpty: (() -> Void)?

    init(_ owner: ServerLoop) {
        self.owner = owner
        broker = Broker(budget: RingBudget(bytes: Limits.allRingsBytes / owner.options.loops))
        sink = LoopSink(capacity: Self.mailboxCapacity)
        clock = HeartbeatClock(start: owner.loop.now, heartbeat: owner.options.heartbeat)
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
        case .replied(let number, let line): streams[number]?.replied(line)
        }
    }

    /// Has the broker's wishes carried out and its frames sent when the input of this turn is in. With very many subscribers that takes several
    /// turns, so that what is published meanwhile does not wait for the last of them.
    func turn() {
        guard !isTurnDue else { return }
        isTurnDue = true
        owner.loop.atEndOfTurn { [unowned self] in
            isTurnDue = false
            owner.handOverPublications()
            if flush() { turn() }
            var actions = broker.takeActions()
            while !actions.isEmpty {
                for action in actions { carryOut(action) }
                actions = broker.takeActions()
            }
        }
    }

    /// A slice, or several where the turn's input has taken longer: who publishes more than can be sent shall not keep it from being sent.
    /// - Returns: whether somebody is left to be served.
    private func flush() -> Bool {
        let begin = Instant.current
        let atLeast = begin - owner.loop.now
        while broker.flush(atMost: Self.deliveriesInSlice) {
            if .current - begin >= atLeast { return true }
        }
        return false
    }

    private func carryOut(_ action: BrokerAction) {
        let (services, mailbox, heartbeat) = (owner.services, sink.mailbox, owner.options.heartbeat)
        switch action {
        case .watch(let topic):
            owner.figures.topics.add()
            services.log.watch(topic, sink)
        case .unwatch(let topic):
            owner.figures.topics.subtract()
            services.log.unwatch(topic, sink)
        case .judge(let request):
            services.read {
                try StartReader(log: $0, heartbeat: heartbeat).start(request)
            } _: {
                mailbox.post(always: .judged(request, $0))
            }
        case .page(let request):
            services.read {
                try StartReader(log: $0).page(request)
            } _: {
                mailbox.post(always: .read(request, $0))
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
        let stream = streams.insert { WebSocketStream(number: $0, connection: connection, offer: offer, owner: self) }
        open(stream, target, .webSocket)
        stream.begin(remainder)
    }

    func openEventStream(_ target: SubscriptionTarget, connection: Connection) {
        open(streams.insert { EventStream(number: $0, connection: connection, owner: self) }, target, .sse)
    }

    private func open(_ stream: any OpenStream, _ target: SubscriptionTarget, _ encoding: LineEncoding) {
        owner.figures.subscribers.add()
        stream.subscriber = broker.subscribe(
            target.topic, from: JudgeRequest.Point(target.after), in: encoding, takesSnapshot: target.takesSnapshot, outlet: stream)
        have(target.topic)
        beatLater(clock.came(streams.slices, at: owner.loop.now))
        turn()
    }

    /// The first to look at a session has it imported; what comes of that comes as events.
    private func have(_ topic: TopicName) {
        if topic.kind == .session { owner.services.open(topic.text) { _ in } }
    }

    func canSend(_ stream: any OpenStream) {
        if let subscriber = stream.subscriber { broker.canSend(subscriber) }
        turn()
    }

    /// An answer instead of a stream.
    func refuse(_ stream: any OpenStream, _ answer: HTTPAnswer) {
        stream.connection.answerAndClose(answer)
        forget(stream)
    }

    /// The stream's connection is gone.
    func forget(_ stream: any OpenStream) {
        guard streams.remove(stream) else { return }
        if let subscriber = stream.subscriber { broker.leave(subscriber) }
        owner.figures.subscribers.subtract()
        owner.figures.open.subtract()
        turn()
        tellIfEmpty()
    }

    /// A command that came over a WebSocket; the answer goes back there.
    func submit(_ command: ClientCommand, to session: String, from number: UInt64) {
        let mailbox = sink.mailbox
        owner.services.commands.submit(CommandRequest(command, session: session, by: "owner")) { result in
            let line =
                switch result {
                case .failure(let problem): ControlLine.reply(id: command.id.text, error: problem)
                case .success(let answer):
                    answer.problem.map { ControlLine.reply(id: answer.id, error: $0) }
                        ?? ControlLine.reply(id: answer.id, result: answer.json)
                }
            mailbox.post(always: .replied(subscription: number, line: line))
        }
    }

    // Pages.

    /// Whoever asked says when nobody waits for the answer any more.
    func answerPage(_ read: EventsRead, _ responder: Responder) -> PageWait {
        lastWait += 1
        let wait = PageWait(token: lastWait, read: read, responder: responder, owner: self)
        waits[lastWait] = wait
        owner.figures.pages.add()
        have(read.target.topic)
        wait.begin()
        return wait
    }

    func ask(_ question: ReadQuestion, _ token: UInt64) {
        let mailbox = sink.mailbox
        owner.services.read {
            try question.answer(in: $0)
        } _: {
            mailbox.post(always: .answered(token: token, $0))
        }
    }

    func forget(_ wait: PageWait) {
        if waits.removeValue(forKey: wait.token) != nil { owner.figures.pages.subtract() }
    }

    // Heartbeats.

    /// One timer for all, only while somebody is there.
    private func beatLater(_ delay: Duration?) {
        guard let delay else { return }
        if let nextBeat { owner.loop.cancel(nextBeat) }
        nextBeat = owner.loop.schedule(after: delay) { [unowned self] in beat() }
    }

    /// Serves a slice.
    private func beat() {
        nextBeat = nil
        if let place = clock.due { for stream in streams.slice(place) { beat(stream) } }
        if clock.beginsRound() { broker.hibernate() }
        beatLater(clock.served(streams.slices, at: owner.loop.now))
        turn()
    }

    private func beat(_ stream: any OpenStream) {
        guard let subscriber = stream.subscriber else { return }
        if isLost(stream, subscriber) { return stream.cut() }
        stream.goOn()
        if subscriber.isBlocked {
            // The kernel may have a little room that is not worth its word.
            broker.canSend(subscriber)
            broker.letGo(subscriber)
        } else if let beat = broker.heartbeat(subscriber) {
            broker.send(heartbeat(beat.head, beat.sent), to: subscriber)
        }
    }

    /// Of a reader that has all that was sent nothing more is asked.
    private func isLost(_ stream: any OpenStream, _ subscriber: Subscriber) -> Bool {
        guard subscriber.isBlocked || stream.connection.unacknowledgedBytes > 0, let signs = stream.connection.peerSigns else {
            stream.watch = ReaderWatch()
            return false
        }
        let options = owner.options
        return stream.watch.isOver(signs, beat: options.heartbeat, .init(stall: options.stallTimeout, silence: options.silenceTimeout))
    }

    private func heartbeat(_ head: Position, _ sent: Position) -> [UInt8] {
        if let lastBeat, lastBeat.head == head, lastBeat.sent == sent { return lastBeat.line }
        let line = ControlLine.heartbeat(head: head, sent: sent)
        lastBeat = (head, sent, line)
        return line
    }

    // The end.

    /// Every subscriber gets a time of its own to come back at, and is closed with 1001. `done` when the last one is gone.
    func drain(_ done: @escaping () -> Void) {
        whenEmpty = done
        for wait in waits.values { wait.giveUp() }
        let (loop, loops) = (owner.place, owner.options.loops)
        var slots = DrainSlots(loop: loop, loops: loops, subscribers: streams.count)
        for stream in streams.all { sendAway(stream, for: slots.next()) }
        turn()
        tellIfEmpty()
    }

    private func sendAway(_ stream: any OpenStream, for milliseconds: Int) {
        if stream.subscriber?.hasStarted == true { return stream.goAway(ControlLine.drain(retryMilliseconds: milliseconds)) }
        // It is being judged still.
        refuse(stream, .problem(Problem(.draining), headers: ["retry-after": String((milliseconds + 999) / 1000)]))
    }

    func cutAll() {
        for stream in streams.all { stream.cut() }
    }

    private func tellIfEmpty() {
        guard streams.isEmpty, let done = whenEmpty else { return }
        whenEmpty = nil
        done()
    }
}

extension LineBatch {
    init(_ lines: CommittedLines) {
        self.init(
            previous: lines.previous, last: lines.last, epoch: lines.epoch, bytes: lines.bytes, ends: lines.ends, offsets: lines.offsets)
    }
}
