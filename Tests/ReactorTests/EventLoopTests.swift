import Synchronization
import TestSupport
import Testing

@testable import Reactor

@Suite(.ownThread) struct EventLoopTests {
    @Test func `fires ten thousand timers in the order of their times`() async throws {
        let fired: [Int] = try await onLoop { loop, finish in
            var fired: [Int] = []
            var generator = SystemRandomNumberGenerator()
            let delays = (0..<10_000).map { $0 / 100 }.shuffled(using: &generator)
            for delay in delays {
                loop.schedule(after: .microseconds(delay * 100)) {
                    fired.append(delay)
                    if fired.count == delays.count { finish(fired) }
                }
            }
        }
        #expect(fired == fired.sorted())
    }

    @Test func `fires timers of one time in the order they were set`() async throws {
        let fired: [Int] = try await onLoop { loop, finish in
            var fired: [Int] = []
            for number in 0..<100 { loop.schedule(after: .milliseconds(1)) { fired.append(number) } }
            loop.schedule(after: .milliseconds(1)) { finish(fired) }
        }
        #expect(fired == Array(0..<100))
    }

    @Test func `does not fire a cancelled timer, nor the one that has its place now`() async throws {
        let fired: [String] = try await onLoop { loop, finish in
            var fired: [String] = []
            let first = loop.schedule(after: .zero) { fired.append("cancelled") }
            loop.cancel(first)
            let second = loop.schedule(after: .zero) { fired.append("kept") }
            loop.cancel(first)
            loop.schedule(after: .milliseconds(1)) {
                loop.cancel(second)
                finish(fired)
            }
        }
        #expect(fired == ["kept"])
    }

    @Test func `a timer that sets itself anew without delay does not keep the loop from its input`() async throws {
        let isServed: Bool = try await onLoop { loop, finish in
            func again() { loop.schedule(after: .zero) { again() } }
            again()
            try loop.connectedPair { _, _ in finish(true) }
        }
        #expect(isServed)
    }

    @Test func `runs what was put off once, after the timers and the input of the turn`() async throws {
        let order: [String] = try await onLoop { loop, finish in
            var order: [String] = []
            loop.schedule(after: .zero) {
                loop.atEndOfTurn {
                    order.append("end")
                    loop.atEndOfTurn { finish(order) }
                }
                order.append("first")
            }
            loop.schedule(after: .zero) { order.append("second") }
        }
        #expect(order == ["first", "second", "end"])
    }

    @Test func `takes a mailbox's messages in order and is woken only from empty`() async throws {
        let mailbox = Mailbox<Int>(capacity: 1 << 20)
        for number in 0..<1_000 { #expect(mailbox.post(number)) }
        #expect(mailbox.wakeUps == 1)
        let received: [Int] = try await onLoop { loop, finish in
            var received: [Int] = []
            loop.attach(mailbox) { messages in
                received += messages
                if received.count == 1_000 { #expect(mailbox.post(1_000)) }
                if received.count == 1_001 { finish(received) }
            }
        }
        #expect(received == Array(0...1_000))
        #expect(mailbox.wakeUps == 2)
    }

    @Test func `loses no message of many senders`() async throws {
        let mailbox = Mailbox<Int>(capacity: 1 << 20)
        let threads = (0..<4).map { sender in
            WorkerThread(name: "sender \(sender)") { for number in 0..<10_000 { mailbox.post(always: sender * 10_000 + number) } }
        }
        let received: Set<Int> = try await onLoop { loop, finish in
            var received: Set<Int> = []
            loop.attach(mailbox) { messages in
                received.formUnion(messages)
                if received.count == 40_000 { finish(received) }
            }
        }
        for thread in threads { thread.join() }
        #expect(received == Set(0..<40_000))
    }

    @Test func `a full mailbox refuses, but not what must not be refused`() async throws {
        let mailbox = Mailbox<Int>(capacity: 2)
        #expect(mailbox.post(1))
        #expect(mailbox.post(2))
        #expect(!mailbox.post(3))
        #expect(mailbox.post(always: 4))
        #expect(mailbox.count == 3)
    }

    @Test func `a mailbox that is heavy refuses what has a weight, until it is emptied`() {
        let mailbox = Mailbox<Int>(capacity: 10, weightLimit: 1000)
        #expect(mailbox.post(1, weight: 600))
        #expect(mailbox.post(2, weight: 600))
        #expect(!mailbox.post(3, weight: 1))
        #expect(mailbox.post(4))
        #expect(mailbox.takeAll([]) == [1, 2, 4])
        #expect(mailbox.post(5, weight: 5000))
        #expect(!mailbox.post(6, weight: 1))
    }

    @Test func `a mailbox refuses when its loop has ended`() async throws {
        let mailbox = Mailbox<Int>(capacity: 2)
        let thread = EventLoop.spawn(name: "short") { loop in loop.attach(mailbox) { _ in } }
        thread.stop()
        thread.join()
        #expect(!mailbox.post(1))
        #expect(!mailbox.post(always: 1))
        #expect(!thread.perform { _ in })
    }

    @Test func `closes what is registered when it ends`() async throws {
        let closed = Mutex(0)
        let thread = EventLoop.spawn(name: "short") { loop in
            let paired: Void? = try? loop.connectedPair { server, client in
                for connection in [server, client] {
                    let peer = Peer()
                    peer.onClose = { _ in closed.withLock { $0 += 1 } }
                    connection.handler = peer
                }
                loop.stop()
            }
            #expect(paired != nil)
        }
        thread.join()
        #expect(closed.withLock { $0 } == 2)
    }
}
