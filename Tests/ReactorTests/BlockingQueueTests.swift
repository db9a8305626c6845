import Reactor
import Synchronization
import TestSupport
import Testing

@Suite(.ownThread) struct BlockingQueueTests {
    @Test func `gives all that waits, in order`() {
        let queue = BlockingQueue<Int>()
        for number in 0..<10 { #expect(queue.post(number)) }
        #expect(queue.take() == 0)
        #expect(queue.takeAll() == Array(1..<10))
    }

    @Test func `refuses beyond its capacity and after it was closed`() {
        let queue = BlockingQueue<Int>(capacity: 1)
        #expect(queue.post(1))
        #expect(!queue.post(2))
        #expect(queue.post(always: 3))
        queue.close()
        #expect(!queue.post(always: 4))
        #expect(queue.takeAll() == [1, 3])
        #expect(queue.takeAll() == nil)
        #expect(queue.take() == nil)
    }

    @Test func `gives up when nothing comes in time, and takes what comes later`() {
        let queue = BlockingQueue<Int>()
        #expect(queue.takeAll(within: .milliseconds(1)) == [])
        queue.post(always: 1)
        #expect(queue.takeAll(within: .seconds(30)) == [1])
    }

    @Test func `hands each message to one of many takers, and ends them all`() {
        let queue = BlockingQueue<Int>()
        let taken = Mutex<[Int]>([])
        let takers = (0..<4).map { number in
            WorkerThread(name: "taker \(number)") {
                while let message = queue.take() { taken.withLock { $0.append(message) } }
            }
        }
        let givers = (0..<4).map { giver in
            WorkerThread(name: "giver") { for number in 0..<5_000 { queue.post(always: giver * 5_000 + number) } }
        }
        for thread in givers { thread.join() }
        queue.close()
        for thread in takers { thread.join() }
        #expect(taken.withLock { $0.sorted() } == Array(0..<20_000))
    }

    @Test func `wakes takers that sleep with a limit`() {
        let queue = BlockingQueue<Int>()
        let total = Mutex(0)
        let takers = (0..<3).map { number in
            WorkerThread(name: "taker \(number)") {
                while let messages = queue.takeAll(within: .microseconds(50 * number + 1)) {
                    total.withLock { $0 += messages.reduce(0, +) }
                }
            }
        }
        for _ in 0..<20_000 { queue.post(always: 1) }
        queue.close()
        for thread in takers { thread.join() }
        #expect(total.withLock { $0 } == 20_000)
    }
}
