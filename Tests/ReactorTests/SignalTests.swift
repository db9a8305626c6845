import Glibc
import Reactor
import TestSupport
import Testing

@Suite(.ownThread) struct SignalTests {
    /// Sent to the loop's thread alone: no other thread of the tests has it blocked.
    @Test func `hands a signal to the loop instead of ending the process`() async throws {
        let signal: Int32 = try await onLoop { loop, finish in
            Signals.block()
            try loop.onSignal([SIGTERM, SIGINT]) { finish($0) }
            raise(SIGTERM)
        }
        #expect(signal == SIGTERM)
    }

    @Test func `knows how many processors it may use`() {
        #expect(Processors.available >= 1)
    }
}
