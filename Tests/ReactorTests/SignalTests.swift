import Glibc
import Reactor
import Testing

@Suite struct SignalTests {
    /// In a process of its own: what is blocked there stays blocked.
    @Test func `hands a signal to the loop instead of ending the process`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let signal: Int32 = try await onLoop { loop, finish in
                Signals.block()
                try loop.onSignal([SIGTERM, SIGINT]) { finish($0) }
                raise(SIGTERM)
            }
            exit(signal == SIGTERM ? 7 : 1)
        }
    }

    @Test func `knows how many processors it may use`() {
        #expect(Processors.available >= 1)
    }
}
