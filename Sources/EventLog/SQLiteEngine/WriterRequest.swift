import RelayProtocol

/// What the writer is asked, from any thread.
enum WriterRequest: Sendable {
    case append(AppendRequest)
    case perform(PerformRequest)
    case delete(TopicName, @Sendable (Result<Bool, LogError>) -> Void)
    case watch(TopicName, any CommitSink)
    case unwatch(TopicName, any CommitSink)
}

/// Appends that are committed together or not at all, and who wants to know.
public struct AppendRequest: Sendable {
    let appends: [Append]
    let blobs: [Blob]
    /// As counted in the writer's load.
    let bytes: Int
    let done: @Sendable (Result<[Appended], LogError>) -> Void

    public init(_ appends: [Append], _ blobs: [Blob] = [], _ done: @escaping @Sendable (Result<[Appended], LogError>) -> Void) {
        self.appends = appends
        self.blobs = blobs
        self.done = done
        var bytes = 0
        for append in appends {
            bytes += append.record?.count ?? 0
            for event in append.events { bytes += event.payload.count + 64 }
        }
        for blob in blobs { bytes += blob.bytes.count }
        self.bytes = bytes
    }
}

struct PerformRequest: Sendable {
    /// Does the work and gives what to call after the commit.
    let work: @Sendable (WriterContext) throws -> @Sendable () -> Void
    /// Nothing of it was committed.
    let failed: @Sendable (any Error) -> Void
}
