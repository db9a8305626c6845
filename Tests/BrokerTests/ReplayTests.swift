// What a reader of a replay holds while it takes nothing.

import RelayProtocol
import Testing

@testable import Broker

struct ReplayTests {
    private final class Kept { weak var page: Page? }

    private let broker = Broker(budget: RingBudget())
    private let topic = TopicName("news") ?? .lobby

    private func answer(_ log: MemoryLog, _ kept: Kept? = nil) {
        var actions = broker.takeActions()
        while !actions.isEmpty {
            for action in actions {
                switch action {
                case .judge(let request): broker.judged(request, .success(log.start(request, isSession: false)))
                case .page(let request):
                    let page = log.page(request, bytes: 64 << 10)
                    kept?.page = page
                    broker.read(request, .success(page))
                default: break
                }
            }
            actions = broker.takeActions()
        }
    }

    @Test(arguments: [LineEncoding.webSocket, .sse]) func `one who takes nothing keeps no page, and goes on where it was`(
        encoding: LineEncoding
    ) {
        var log = MemoryLog()
        _ = log.append(sizes: [Int](repeating: 100, count: 200))
        let (outlet, kept) = (TestOutlet(encoding), Kept())
        // The lines that it begins with, and a part of the first page, which ends within a frame.
        outlet.windowBytes = 1000
        let subscriber = broker.subscribe(topic, from: .earliest, in: encoding, outlet: outlet)
        broker.watching(topic, head: log.head)
        answer(log, kept)
        #expect(subscriber.isBlocked && outlet.takenBytes == 1000 && outlet.isInsideFrame)
        // Nobody else comes for it.
        broker.hibernate()
        #expect(kept.page != nil)
        broker.letGo(subscriber)
        #expect(kept.page == nil)
        #expect(subscriber.waitingControlBytes > 0)
        broker.letGo(subscriber)
        outlet.windowBytes = 1 << 20
        broker.canSend(subscriber)
        answer(log)
        #expect(outlet.fault == nil)
        #expect(outlet.lines.dropFirst() == ArraySlice(log.lines.map(\.bytes)))
    }

    @Test func `a page that several hold stays until one is left with it`() {
        var log = MemoryLog()
        _ = log.append(sizes: [Int](repeating: 100, count: 200))
        let (kept, outlets) = (Kept(), [TestOutlet(.sse), TestOutlet(.sse)])
        for outlet in outlets { outlet.windowBytes = 1000 }
        let subscribers = outlets.map { broker.subscribe(topic, from: .earliest, in: .sse, outlet: $0) }
        broker.watching(topic, head: log.head)
        answer(log, kept)
        broker.hibernate()
        for subscriber in subscribers { broker.letGo(subscriber) }
        #expect(subscribers.map(\.waitingControlBytes) == [0, 0] && kept.page != nil)
        broker.leave(subscribers[0])
        broker.letGo(subscribers[1])
        #expect(subscribers[1].waitingControlBytes > 0 && kept.page == nil)
    }

    @Test func `a large frame is not taken out of its page`() {
        var log = MemoryLog()
        _ = log.append(sizes: [200_000])
        let (kept, outlet) = (Kept(), TestOutlet(.webSocket))
        outlet.windowBytes = 1000
        let subscriber = broker.subscribe(topic, from: .earliest, in: .webSocket, outlet: outlet)
        broker.watching(topic, head: log.head)
        answer(log, kept)
        broker.hibernate()
        broker.letGo(subscriber)
        #expect(subscriber.waitingControlBytes == 0 && kept.page != nil)
    }

    @Test func `one who takes what it is offered keeps its page`() {
        var log = MemoryLog()
        _ = log.append(sizes: [Int](repeating: 100, count: 20))
        let outlet = TestOutlet(.sse)
        outlet.windowBytes = 1 << 20
        let subscriber = broker.subscribe(topic, from: .earliest, in: .sse, outlet: outlet)
        broker.watching(topic, head: log.head)
        answer(log)
        broker.letGo(subscriber)
        #expect(subscriber.waitingControlBytes == 0 && !subscriber.isBlocked)
        #expect(outlet.lines.count == 21)
    }
}
