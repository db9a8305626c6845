import Synchronization
import TestSupport
import Testing

@testable import RepriseClient

/// A reader that was told to stop is told to go on.
@Suite(.ownThread) struct ItemQueueTests {
    private final class Bell: Sendable {
        let count = Atomic<Int>(0)
    }

    @Test func `what comes behind the limit does not make it forget that somebody waits`() async throws {
        let (queue, bell) = (ItemQueue(limit: 10), Bell())
        queue.onDrained = { bell.count.add(1, ordering: .relaxed) }
        for number in 1...9 { #expect(queue.put(.disconnected(reason: "test")), "\(number)") }
        #expect(!queue.put(.disconnected(reason: "test")))
        // Of the same message still, when the consumer has taken some.
        for _ in 0..<2 { _ = try await queue.next() }
        #expect(!queue.put(.disconnected(reason: "test")))
        for _ in 0..<9 { _ = try await queue.next() }
        #expect(bell.count.load(ordering: .relaxed) == 1)
        #expect(queue.put(.disconnected(reason: "test")))
    }
}
