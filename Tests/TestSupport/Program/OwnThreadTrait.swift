// Tests that block (they wait for processes, sockets and files) run on threads of their own. On the threads of the concurrency pool, of which
// there are as many as CPUs, two of them would stop every asynchronous test beside them.

import Testing

public struct OwnThreadTrait: SuiteTrait, TestTrait, TestScoping {
    @TaskLocal private static var isInside = false

    public let isRecursive = true

    public func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        guard testCase != nil, !Self.isInside else { return try await function() }
        let thread = OwnThread()
        defer { thread.end() }
        try await Self.$isInside.withValue(true) {
            try await withTaskExecutorPreference(thread) { try await function() }
        }
    }
}

extension Trait where Self == OwnThreadTrait {
    /// The tests of a suite block: each runs on a thread of its own.
    public static var ownThread: Self { OwnThreadTrait() }
}
