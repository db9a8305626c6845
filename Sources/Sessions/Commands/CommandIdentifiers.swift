// Whoever gives a command its ids when it is accepted.

import OpenCode

/// The upstream's ids for a command; nil while no OpenCode is connected. Called on the writer's thread.
public typealias CommandIdentifiers = @Sendable (_ command: UpstreamCommand, _ now: Int64) -> UpstreamIdentifiers?
