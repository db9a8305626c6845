// The budget of a delivery: nothing. What a flush sends lies in the ring, and whom it sends to in the seats.

import AllocationCount
import RelayProtocol
import Testing

@testable import Broker

@Suite(.enabled(if: allocations_are_counted())) struct AllocationTests {
    private final class Sink: Outlet, ByteSink {
        var takenBytes = 0

        func offer(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int? {
            takenBytes += first.count + second.count
            return first.count + second.count
        }

        func subscriberStarts() {}
        func subscriberFails(_ problem: Problem) {}
        func subscriberFinishes() {}
    }

    @Test func `counts what this thread allocates`() {
        let before = allocations_of_this_thread()
        let sinks = (0..<3).map { _ in Sink() }
        #expect(allocations_of_this_thread() - before >= sinks.count)
    }

    @Test(arguments: LineEncoding.allCases) func `delivers without an allocation`(encoding: LineEncoding) throws {
        let topic = try #require(TopicName("news"))
        let broker = Broker(budget: RingBudget())
        var log = MemoryLog()
        let sinks = (0..<100).map { _ in Sink() }
        let subscribers = sinks.map { broker.subscribe(topic, from: .none, in: encoding, outlet: $0) }
        broker.watching(topic, head: log.head)
        for case .judge(let request) in broker.takeActions() { broker.judged(request, .success(log.start(request, isSession: false))) }
        var allocations: [Int] = []
        var taken: [Int] = []
        for _ in 0..<200 {
            // Enough that the ring grows, turns over and has its halves in both orders.
            broker.committed(topic, log.append(sizes: [200, 3000]))
            let before = allocations_of_this_thread()
            broker.flush()
            allocations.append(allocations_of_this_thread() - before)
            taken.append(sinks[0].takenBytes)
        }
        // The first round has the runtime's own tables made.
        #expect(allocations.dropFirst().allSatisfy { $0 == 0 }, "\(allocations)")
        #expect(zip(taken, taken.dropFirst()).allSatisfy { $0 < $1 })
        #expect(sinks.allSatisfy { $0.takenBytes == sinks[0].takenBytes })
        withExtendedLifetime(subscribers) {}
    }
}
