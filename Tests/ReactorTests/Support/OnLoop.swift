// Runs a test's body on a loop of its own and waits for what it finds. A test that finds nothing fails after a while
// instead of hanging; nothing else in these tests looks at the time.

import Reactor
import Synchronization

enum LoopTestError: Error { case nothingFound }

/// Ends the loop with a result; the first one counts.
final class Finish<Value: Sendable> {
    private let loop: EventLoop
    private let deliver: @Sendable (Value) -> Void
    private var kept: [AnyObject] = []

    fileprivate init(loop: EventLoop, deliver: @escaping @Sendable (Value) -> Void) {
        self.loop = loop
        self.deliver = deliver
    }

    func callAsFunction(_ value: Value) {
        deliver(value)
        loop.stop()
    }

    /// What is kept may hold closures that hold this.
    fileprivate func letGo() { kept = [] }

    /// Keeps what a test needs until its loop has ended.
    func keep<Kept: AnyObject>(_ object: Kept) -> Kept {
        kept.append(object)
        return object
    }
}

func onLoop<Value: Sendable>(
    within limit: Duration = .seconds(30), _ body: @Sendable @escaping (EventLoop, Finish<Value>) throws -> Void
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let shared = Found<Value>()
        _ = WorkerThread(name: "test loop") {
            var kept: Finish<Value>?
            EventLoop.run { loop in
                loop.schedule(after: limit) { loop.stop() }
                let finish = Finish<Value>(loop: loop) { value in shared.found.withLock { $0 = $0 ?? .success(value) } }
                kept = finish
                do { try body(loop, finish) } catch {
                    shared.found.withLock { $0 = .failure(error) }
                    loop.stop()
                }
            }
            kept?.letGo()
            continuation.resume(with: shared.found.withLock { $0 } ?? .failure(LoopTestError.nothingFound))
        }
    }
}

private final class Found<Value: Sendable>: Sendable {
    let found = Mutex<Result<Value, any Error>?>(nil)
}
