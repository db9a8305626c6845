// A flush in slices: it goes round the readers, and what comes meanwhile goes out with what those still due are owed.

import RelayProtocol
import Testing

@testable import Broker

struct FlushTests {
    private struct Readers {
        let outlets: [TestOutlet]
        let subscribers: [Subscriber]

        /// How many events each has.
        var events: [Int] { outlets.map { $0.lines.count { EventLine.position(of: $0[...]) != nil } } }
    }

    private struct Watched { weak var subscriber: Subscriber? }

    private let broker: Broker
    private let topic: TopicName

    init() throws {
        topic = try #require(TopicName("news"))
        broker = Broker(budget: RingBudget())
    }

    private func subscribe(_ count: Int, to topic: TopicName, _ log: MemoryLog, of broker: Broker? = nil) -> Readers {
        let broker = broker ?? self.broker
        let outlets = (0..<count).map { _ in TestOutlet(.webSocket) }
        for outlet in outlets { outlet.windowBytes = 1 << 20 }
        let subscribers = outlets.map { broker.subscribe(topic, from: .none, in: .webSocket, outlet: $0) }
        broker.watching(topic, head: log.head)
        for case .judge(let request) in broker.takeActions() { broker.judged(request, .success(log.start(request, isSession: false))) }
        return Readers(outlets: outlets, subscribers: subscribers)
    }

    @Test func `a broker that is let go lets go of its subscribers`() {
        var broker: Broker? = Broker(budget: RingBudget())
        let watched = Watched(subscriber: broker?.subscribe(topic, from: .none, in: .sse, outlet: TestOutlet(.sse)))
        #expect(watched.subscriber != nil)
        broker = nil
        #expect(watched.subscriber == nil)
    }

    @Test func `serves so many at a time, and goes on where it ended`() {
        var log = MemoryLog()
        let readers = subscribe(5, to: topic, log)
        broker.committed(topic, log.append(sizes: [10]))
        #expect(broker.flush(atMost: 2))
        #expect(readers.events == [1, 1, 0, 0, 0])
        broker.committed(topic, log.append(sizes: [10]))
        #expect(broker.flush(atMost: 2))
        #expect(readers.events == [1, 1, 2, 2, 0])
        #expect(broker.flush(atMost: 2))
        #expect(readers.events == [2, 1, 2, 2, 2])
        #expect(!broker.flush(atMost: 2))
        #expect(readers.events == [2, 2, 2, 2, 2])
    }

    @Test func `forgets nobody when somebody leaves between its slices`() {
        var log = MemoryLog()
        let readers = subscribe(6, to: topic, log)
        broker.committed(topic, log.append(sizes: [10]))
        #expect(broker.flush(atMost: 3))
        // The last one takes the seat of one who has had a turn.
        broker.leave(readers.subscribers[1])
        while broker.flush(atMost: 1) {}
        #expect(readers.events == [1, 1, 1, 1, 1, 1])
    }

    @Test func `a batch that is larger than the ring sends to the log only who does not keep up`() {
        var log = MemoryLog()
        let small = Broker(budget: RingBudget(), ringLimits: Ring.Limits(first: 1024, largest: 2048))
        let readers = subscribe(4, to: topic, log, of: small)
        let slow = readers.outlets[3]
        slow.windowBytes = 0
        small.committed(topic, log.append(sizes: [10]))
        small.flush()
        small.committed(topic, log.append(sizes: [Int](repeating: 100, count: 50)))
        #expect(!small.flush())
        #expect(small.takeActions().isEmpty, "nobody needs the log now")
        #expect(readers.events == [51, 51, 51, 0])
        slow.windowBytes = 1 << 20
        small.canSend(readers.subscribers[3])
        let asked = small.takeActions().compactMap { if case .page(let request) = $0 { request } else { nil } }
        #expect(asked.map(\.after) == [0])
    }

    @Test func `what comes before a line that no ring holds is sent before it`() {
        var log = MemoryLog()
        let small = Broker(budget: RingBudget(), ringLimits: Ring.Limits(first: 1024, largest: 1024))
        let readers = subscribe(2, to: topic, log, of: small)
        small.committed(topic, log.append(sizes: [10, 20, 2000, 10]))
        small.flush()
        let asked = small.takeActions().compactMap { if case .page(let request) = $0 { request } else { nil } }
        #expect(asked.map(\.after) == [2], "all read on behind what they were sent")
        #expect(readers.events == [2, 2])
        for request in asked { small.read(request, .success(log.page(request, bytes: 1 << 20))) }
        #expect(readers.events == [4, 4])
    }

    @Test func `lets a small topic go before the rest of a large one`() throws {
        var (log, other) = (MemoryLog(), MemoryLog())
        let builds = try #require(TopicName("builds"))
        let (many, one) = (subscribe(50, to: topic, log), subscribe(1, to: builds, other))
        broker.committed(topic, log.append(sizes: [10]))
        #expect(broker.flush(atMost: 10))
        broker.committed(builds, other.append(sizes: [10]))
        #expect(broker.flush(atMost: 10))
        #expect(broker.flush(atMost: 10))
        #expect(one.events == [1])
        #expect(many.events.count { $0 == 1 } == 29)
        #expect(!broker.flush())
        #expect(many.events.allSatisfy { $0 == 1 })
    }
}
