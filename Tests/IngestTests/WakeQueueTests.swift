import TestSupport
import Testing

@testable import Ingest

@Suite(.ownThread) struct WakeQueueTests {
    @Test func `sessions come in the order of their times, each once`() {
        var queue = WakeQueue()
        for (session, at) in [("a", 5), ("b", 3), ("c", 9), ("d", 1), ("b", 7)] as [(String, Int64)] { queue.schedule(session, at: at) }
        #expect(queue.next == 1)
        var order: [String] = []
        while let session = queue.take(through: 8) { order.append(session) }
        #expect(order == ["d", "b", "a"])
        #expect(queue.take(through: 8) == nil)
        #expect(queue.take(through: 9) == "c")
        #expect(queue.next == nil)
    }

    @Test func `a time that is asked for sooner counts`() {
        var queue = WakeQueue()
        queue.schedule("a", at: 9)
        queue.schedule("a", at: 2)
        #expect(queue.take(through: 2) == "a")
        #expect(queue.take(through: 100) == nil)
    }

    @Test func `any order of times comes out sorted`() {
        var random = SystemRandomNumberGenerator()
        var queue = WakeQueue()
        let times = (0..<500).map { _ in Int64.random(in: 0..<1000, using: &random) }
        for (number, at) in times.enumerated() { queue.schedule("s\(number)", at: at) }
        var taken: [Int64] = []
        while let next = queue.next, let session = queue.take(through: next) { taken.append(times[Int(session.dropFirst()) ?? 0]) }
        #expect(taken == times.sorted())
    }
}
