// Who waits for one event: what is kept for it, and when that is given back.

import RelayProtocol
import Testing

@testable import Broker

struct WaitTests {
    private let broker = Broker(budget: RingBudget())
    private let topic = TopicName("news") ?? .lobby

    /// A wait that has been told that there is something.
    private func arrive() {
        var log = MemoryLog()
        broker.await(topic, after: .origin, token: 7)
        broker.watching(topic, head: .origin)
        #expect(taken == ["watch news"])
        broker.committed(topic, log.append(sizes: [10]))
        #expect(taken == ["arrived 7"])
        #expect(broker.topicCount == 1)
    }

    private var taken: [String] {
        broker.takeActions().map { action in
            switch action {
            case .watch(let topic): "watch \(topic.text)"
            case .unwatch(let topic): "unwatch \(topic.text)"
            case .arrived(let token): "arrived \(token)"
            default: "\(action)"
            }
        }
    }

    @Test func `a wait that was told of an event lets its topic go when it ends`() {
        arrive()
        broker.cancelWait(topic, token: 7)
        #expect(taken == ["unwatch news"])
        #expect(broker.topicCount == 0)
    }

    @Test func `a topic that nobody waits for any more is let go with what is quiet`() {
        arrive()
        broker.hibernate()
        #expect(taken == ["unwatch news"])
        #expect(broker.topicCount == 0)
    }

    @Test func `who came first is told first, and one whose wait has ended is not told`() {
        var log = MemoryLog()
        for token in 1...40 as ClosedRange<UInt64> { broker.await(topic, after: .origin, token: token) }
        for token in stride(from: 2, through: 40, by: 2) as StrideThrough<UInt64> { broker.cancelWait(topic, token: token) }
        broker.watching(topic, head: .origin)
        _ = taken
        broker.committed(topic, log.append(sizes: [10]))
        #expect(taken == stride(from: 1, through: 39, by: 2).map { "arrived \($0)" })
    }

    @Test func `a topic that somebody waits for is kept`() {
        broker.await(topic, after: .origin, token: 7)
        broker.await(topic, after: .origin, token: 8)
        broker.cancelWait(topic, token: 7)
        broker.hibernate()
        #expect(taken == ["watch news"])
        #expect(broker.topicCount == 1)
    }
}
