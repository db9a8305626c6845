// Runs a test's body on a loop of its own and waits for what it finds. A test that finds nothing fails after a while
// instead of hanging; nothing else in these tests looks at the time.

import Reactor
import Synchronization

enum LoopTestError: Error { case nothingFound }

/// Ends the loop with a result; the first one counts.
struct Finish<Value: Sendable> {
    fileprivate let loop: EventLoop
    fileprivate let deliver: @Sendable (Value) -> Void

    func callAsFunction(_ value: Value) {
        deliver(value)
        loop.stop()
    }
}

func onLoop<Value: Sendable>(
    within limit: Duration = .seconds(30), _ body: @Sendable @escaping (EventLoop, Finish<Value>) throws -> Void
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let shared = Found<Value>()
        let thread = WorkerThread(name: "test loop") {
            EventLoop.run { loop in
                loop.schedule(after: limit) { loop.stop() }
                let finish = Finish<Value>(loop: loop) { value in shared.found.withLock { $0 = $0 ?? .success(value) } }
                do { try body(loop, finish) } catch {
                    shared.found.withLock { $0 = .failure(error) }
                    loop.stop()
                }
            }
            continuation.resume(with: shared.found.withLock { $0 } ?? .failure(LoopTestError.nothingFound))
        }
        _ = thread
    }
}

private final class Found<Value: Sendable>: Sendable {
    let found = Mutex<Result<Value, any Error>?>(nil)
}
