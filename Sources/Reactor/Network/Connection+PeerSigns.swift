// What our kernel tells of a connection's other end.

extension Connection {
    /// Bytes that our kernel has and the peer's has not acknowledged; 0 when the connection is closed.
    public var unacknowledgedBytes: Int { ((try? withDescriptor(Socket.unacknowledgedBytes)) ?? nil) ?? 0 }

    /// Nil when the connection is closed.
    public var peerSigns: PeerSigns? { (try? withDescriptor(Socket.peerSigns)) ?? nil }
}
