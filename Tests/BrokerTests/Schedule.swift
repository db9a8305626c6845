// A writer, a mailbox, log readers and sockets, each as slow as the dice say, around one broker. Everything that may happen in any order on
// real threads happens here in some order, and the same seed gives the same order.

import RelayProtocol
import Wire

@testable import Broker

struct ScheduleOptions {
    var isSession = false
    var isRemade = false
    var isTrimmed = false
    var steps = 500
    var removes: Bool { isRemade || isTrimmed }
}

final class Schedule {
    enum Notice {
        case watching(Position)
        case committed(LineBatch)
        case behind(Position)
        case removed
    }

    final class Reader {
        let outlet: TestOutlet
        let subscriber: Subscriber
        var trace: ReaderTrace
        var seenLines = 0
        var expectedPongs = 0
        var isFinishing = false

        init(_ outlet: TestOutlet, _ subscriber: Subscriber, _ trace: ReaderTrace) {
            (self.outlet, self.subscriber, self.trace) = (outlet, subscriber, trace)
        }
    }

    let topic: TopicName
    private var dice: SplitMix
    private let options: ScheduleOptions
    private let broker: Broker
    private(set) var log = MemoryLog()
    private var isWatched = false
    private var owesBehind = false
    private var orders: [BrokerAction] = []
    private var mailbox: [Notice] = []
    private var questions: [BrokerAction] = []
    private var answers: [() -> Void] = []
    private(set) var readers: [Reader] = []
    private(set) var pagesRead = 0

    init(seed: UInt64, topic: TopicName, options: ScheduleOptions) {
        dice = SplitMix(seed: seed)
        self.options = options
        self.topic = topic
        broker = Broker(budget: RingBudget(bytes: 6000), ringLimits: Ring.Limits(first: 512, largest: 4096))
    }

    func run() {
        for _ in 0..<options.steps { step() }
        settle()
    }

    /// Everything that is due happens, and every socket takes all it is offered.
    func settle() {
        var before: [Int] = []
        while before != progress {
            before = progress
            while !orders.isEmpty { carryOutOrder() }
            if owesBehind { post(.behind(log.head)) }
            while !mailbox.isEmpty { deliverNotice() }
            broker.flush()
            while !questions.isEmpty { answerQuestion() }
            while !answers.isEmpty { answers.removeFirst()() }
            for reader in readers { open(reader, bytes: 1 << 20) }
            collect()
        }
    }

    private var progress: [Int] {
        [pagesRead, mailbox.count, orders.count, questions.count, answers.count] + readers.map(\.outlet.takenBytes)
    }

    private func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &dice) < percent }

    private func step() {
        switch Int.random(in: 0..<100, using: &dice) {
        case 0..<22: publish()
        case 22..<32: if !orders.isEmpty { carryOutOrder() }
        case 32..<50: if !mailbox.isEmpty { deliverNotice() }
        case 50..<60: broker.flush(atMost: chance(50) ? .max : Int.random(in: 1...4, using: &dice))
        case 60..<68: if !questions.isEmpty { answerQuestion() }
        case 68..<76: if !answers.isEmpty { answers.remove(at: Int.random(in: 0..<answers.count, using: &dice))() }
        case 76..<90: if let reader = readers.randomElement(using: &dice) { open(reader, bytes: Int.random(in: 1...700, using: &dice)) }
        case 90..<94: if readers.count < 12 { subscribe() }
        case 94..<96: if let reader = readers.randomElement(using: &dice) { interrupt(reader) }
        case 96: leave()
        case 97: chance(50) ? broker.hibernate() : letGo()
        case 98: if options.isRemade, chance(30) { remove() }
        default: if options.isTrimmed { log.trim(to: Int.random(in: 0...5, using: &dice)) }
        }
        collect()
    }

    // The writer.

    private func publish() {
        let count = Int.random(in: 1...6, using: &dice)
        let sizes = (0..<count).map { _ in chance(5) ? Int.random(in: 100...3000, using: &dice) : Int.random(in: 0...90, using: &dice) }
        let batch = log.append(sizes: sizes)
        if isWatched { tell(.committed(batch)) }
    }

    private func remove() {
        log.remake()
        if isWatched { tell(.removed) }
    }

    private func tell(_ notice: Notice) {
        if owesBehind {
            owesBehind = !chance(30) || !post(.behind(log.head))
            return
        }
        if chance(4) { owesBehind = true } else { post(notice) }
    }

    @discardableResult
    private func post(_ notice: Notice) -> Bool {
        mailbox.append(notice)
        owesBehind = false
        return true
    }

    private func carryOutOrder() {
        switch orders.removeFirst() {
        case .watch:
            isWatched = true
            owesBehind = false
            post(.watching(log.head))
        default:
            isWatched = false
            owesBehind = false
        }
    }

    // The loop.

    private func deliverNotice() {
        switch mailbox.removeFirst() {
        case .watching(let head): broker.watching(topic, head: head)
        case .committed(let batch): broker.committed(topic, batch)
        case .behind(let head): broker.behind(topic, head: head)
        case .removed: broker.removed(topic)
        }
    }

    private func collect() {
        for action in broker.takeActions() {
            switch action {
            case .watch, .unwatch: orders.append(action)
            case .judge, .page: questions.append(action)
            case .arrived: break
            }
        }
        for reader in readers {
            while reader.seenLines < reader.outlet.lines.count {
                reader.trace.take(reader.outlet.lines[reader.seenLines])
                reader.seenLines += 1
            }
        }
    }

    // The log's readers: the answer is made at one moment and arrives at another.

    private func answerQuestion() {
        pagesRead += 1
        switch questions.remove(at: Int.random(in: 0..<questions.count, using: &dice)) {
        case .judge(let request):
            let start = log.start(request, isSession: options.isSession)
            answers.append { [broker] in broker.judged(request, .success(start)) }
        case .page(let request):
            let page = log.page(request, bytes: Int.random(in: 100...2000, using: &dice))
            answers.append { [broker] in broker.read(request, .success(page)) }
        default: break
        }
    }

    // Readers.

    private func subscribe() {
        let outlet = TestOutlet(chance(60) ? .webSocket : .sse)
        let (point, expected) = somewhere()
        let subscriber = broker.subscribe(topic, from: point, in: outlet.encoding, outlet: outlet)
        readers.append(Reader(outlet, subscriber, ReaderTrace(expected: expected, begins: point)))
    }

    private func somewhere() -> (JudgeRequest.Point, Position?) {
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: return (.none, nil)
        case 1: return (.earliest, nil)
        default:
            let position =
                chance(20) ? Position(epoch: log.epoch, offset: 999_999) : log.lines.randomElement(using: &dice)?.position ?? .origin
            return (.text(Array(position.description.utf8)), position)
        }
    }

    private func open(_ reader: Reader, bytes: Int) {
        reader.outlet.windowBytes = bytes
        if reader.subscriber.isBlocked { broker.canSend(reader.subscriber) }
    }

    private func interrupt(_ reader: Reader) {
        if let beat = broker.heartbeat(reader.subscriber), chance(50) {
            broker.send(ControlLine.heartbeat(head: beat.head, sent: beat.sent), to: reader.subscriber)
        } else if reader.outlet.encoding == .webSocket, reader.subscriber.hasStarted {
            var pong: [UInt8] = []
            WebSocketEncoder.append(pong: Array("hello".utf8), to: &pong)
            broker.send(frame: pong, to: reader.subscriber)
            if !reader.isFinishing { reader.expectedPongs += 1 }
        }
        if chance(5) {
            reader.isFinishing = true
            broker.finish(reader.subscriber)
        }
    }

    private func letGo() {
        for reader in readers { broker.letGo(reader.subscriber) }
    }

    private func leave() {
        guard readers.count > 3, chance(50) else { return }
        broker.leave(readers.remove(at: Int.random(in: 0..<readers.count, using: &dice)).subscriber)
    }
}
