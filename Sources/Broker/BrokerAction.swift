// What the broker asks its loop to do. Each is answered by one call, now or later.

import RelayProtocol

public enum BrokerAction: Sendable, Equatable {
    /// Have the writer tell of this topic's commits: `watching`, then `committed` and others.
    case watch(TopicName)
    case unwatch(TopicName)
    /// Judge a subscribe, in one read transaction: `judged`.
    case judge(JudgeRequest)
    /// Read and frame lines: `read`.
    case page(PageRequest)
    /// Somebody who waited (`await`) can read now, or should look again.
    case arrived(UInt64)
}
