// How a server listens and whom it lets in.

import Reactor
import RelayProtocol

public struct ServerOptions: Sendable {
    public var listen: SocketAddress
    /// The bearer token.
    public var token = ""
    /// How it is reached behind a proxy: scheme, host and path prefix count.
    public var publicURLs: [PublicURL] = []
    /// Event loops.
    public var loops = max(1, Processors.available)
    /// Connections at once; more are closed as they come.
    public var connections = Int.max
    public var headTimeout = Duration.seconds(Limits.headSeconds)
    /// For a body that did not come with its head; each `Limits.bodyBytesPerSecond` that have come add a second.
    public var bodyTimeout = Duration.seconds(Limits.bodySeconds)
    public var keepAliveTimeout = Duration.seconds(60)
    public var heartbeat = Duration.milliseconds(Limits.heartbeatMilliseconds)
    /// A reader whose kernel takes no byte for so long is cut off; looked at with each heartbeat.
    public var stallTimeout = Duration.seconds(Limits.stalledSeconds)
    /// One whose kernel answers nothing for so long, too.
    public var silenceTimeout = Duration.seconds(Limits.silentSeconds)
    /// How long a create waits for its session.
    public var createPatience = Duration.seconds(30)
    /// For all of a drain.
    public var drainTimeout = Duration.seconds(5)

    public init(listen: SocketAddress) { self.listen = listen }
}

/// `https://host[:port][/prefix]`.
public struct PublicURL: Sendable, Equatable {
    /// Scheme and authority, as an Origin header has them.
    public let origin: String
    /// Host and port, as a Host header has them.
    public let authority: String
    /// Without a slash at its end.
    public let prefix: String

    public init?(_ url: String) {
        guard let scheme = ["https://", "http://"].first(where: url.lowercased().hasPrefix) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        var prefix = rest[authority.endIndex...]
        while prefix.hasSuffix("/") { prefix = prefix.dropLast() }
        let isLegal = !authority.isEmpty && !rest.contains { "?#@ ".contains($0) }
        guard isLegal else { return nil }
        self.authority = authority.lowercased()
        origin = scheme + authority.lowercased()
        self.prefix = String(prefix)
    }
}
