// A thread that runs asynchronous code, so that a test can wait for the Swift client in a plain, blocking way without taking the threads that
// the client's own code would need.

import Foundation
import Reactor

public final class OwnThread: TaskExecutor {
    private let jobs = BlockingQueue<UnownedJob>()

    public init() {
        Thread.detachNewThread { [self, jobs] in
            // SAFETY: the executor lives as long as this thread, each job is run once.
            while let job = jobs.take() { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    public func enqueue(_ job: consuming ExecutorJob) { jobs.post(always: UnownedJob(job)) }

    /// Nothing is enqueued any more: the thread ends.
    public func end() { jobs.close() }

    public struct TooLate: Error {}

    /// What has begun, to be waited for once.
    public struct Running<Value: Sendable>: Sendable {
        fileprivate let task: Task<Void, Never>
        fileprivate let result: BlockingQueue<Result<Value, any Error>>

        public func wait() throws -> Value {
            guard let result = result.takeAll(within: RunningProgram.patience)?.first else { throw TooLate() }
            return try result.get()
        }

        public func cancel() { task.cancel() }
    }

    public func start<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) -> Running<Value> {
        let result = BlockingQueue<Result<Value, any Error>>()
        let task = Task(executorPreference: self) {
            do { result.post(always: .success(try await body())) } catch { result.post(always: .failure(error)) }
        }
        return Running(task: task, result: result)
    }
}
