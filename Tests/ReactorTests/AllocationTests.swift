// The budget of a send: nothing.

import AllocationCount
import Reactor
import TestSupport
import Testing

@Suite(.ownThread, .enabled(if: allocations_are_counted())) struct AllocationTests {
    @Test func `sends without an allocation`() async throws {
        let allocations: [Int] = try await onLoop { loop, finish in
            try loop.connectedPair { server, client in
                (server.handler, client.handler) = (Peer(), Peer())
                let bytes = [UInt8](repeating: 1, count: 200)
                let counts = (0..<50).map { _ in
                    let before = allocations_of_this_thread()
                    _ = server.send(bytes.span)
                    _ = server.send(bytes.span.extracting(..<100), bytes.span.extracting(100...))
                    return allocations_of_this_thread() - before
                }
                finish(counts)
            }
        }
        // The first round has the runtime's own tables made.
        #expect(allocations.count == 50 && allocations.dropFirst().allSatisfy { $0 == 0 }, "\(allocations)")
    }
}
