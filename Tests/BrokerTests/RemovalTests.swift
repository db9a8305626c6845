import RelayProtocol
import Testing

@testable import Broker

/// A topic that is removed and made again while the log is being read.
struct RemovalTests {
    private let topic = TopicName("builds") ?? .lobby
    private var broker = Broker(budget: RingBudget(bytes: 0), ringLimits: Ring.Limits(first: 512, largest: 512))
    private var log = MemoryLog()

    private func questions() -> [BrokerAction] {
        broker.flush()
        return broker.takeActions().filter { if case .judge = $0 { true } else if case .page = $0 { true } else { false } }
    }

    private func answer(_ questions: [BrokerAction]) {
        for question in questions {
            switch question {
            case .judge(let request): broker.judged(request, .success(log.start(request, isSession: false)))
            case .page(let request): broker.read(request, .success(log.page(request, bytes: 4096)))
            default: break
            }
        }
    }

    @Test mutating func `a page that was read before is not shown as the new topic's`() {
        let outlet = TestOutlet(.webSocket)
        outlet.windowBytes = 1 << 20
        _ = broker.subscribe(topic, from: .text(Array(Position.origin.description.utf8)), in: .webSocket, outlet: outlet)
        broker.watching(topic, head: .origin)
        answer(questions())
        broker.committed(topic, log.append(sizes: [1]))
        let late = questions()
        let before = log
        log.remake()
        broker.removed(topic)
        answer(questions())
        // The page of the topic that is gone arrives only now.
        for case .page(let request) in late { broker.read(request, .success(before.page(request, bytes: 4096))) }
        broker.committed(topic, log.append(sizes: [2, 3]))
        for _ in 0..<4 { answer(questions()) }
        let positions = outlet.lines.compactMap { EventLine.position(of: $0[...]) }
        #expect(positions == log.lines.map(\.position))
    }

    /// It joined before anything existed, so nobody told it the topic's number.
    @Test mutating func `the rest of a frame is never taken from another topic's line`() {
        broker = Broker(budget: RingBudget(bytes: 512), ringLimits: Ring.Limits(first: 512, largest: 512))
        let outlet = TestOutlet(.webSocket)
        outlet.windowBytes = 1 << 20
        let origin = JudgeRequest.Point.text(Array(Position.origin.description.utf8))
        let subscriber = broker.subscribe(topic, from: origin, in: .webSocket, outlet: outlet)
        broker.watching(topic, head: .origin)
        answer(questions())
        outlet.windowBytes = 20
        for _ in 0..<8 {
            broker.committed(topic, log.append(sizes: [40]))
            broker.flush()
        }
        log.remake()
        _ = log.append(sizes: [40])
        // The loop has not heard yet that the topic was made again.
        outlet.windowBytes = 1 << 20
        broker.canSend(subscriber)
        let rest = questions()
        #expect(rest.count == 1)
        answer(rest)
        #expect(outlet.failure != nil && subscriber.isOver)
        #expect(outlet.lines.compactMap { EventLine.position(of: $0[...]) }.isEmpty)
    }

    /// What was sent ends with a frame: there is room for a last word.
    @Test mutating func `a reader whose log cannot be read is told, and then ended`() {
        let outlet = TestOutlet(.webSocket)
        outlet.windowBytes = 1 << 20
        _ = log.append(sizes: [40, 40])
        let subscriber = broker.subscribe(topic, from: .earliest, in: .webSocket, outlet: outlet)
        broker.watching(topic, head: log.head)
        answer(questions())
        for case .page(let request) in questions() { broker.read(request, .failure(Problem(.internal))) }
        #expect(outlet.failure == Problem(.internal) && !subscriber.isOver)
        broker.send(frame: [0x88, 0], to: subscriber)
        broker.finish(subscriber)
        #expect(outlet.controlFrames == 1 && outlet.hasFinished && outlet.fault == nil)
    }
}
