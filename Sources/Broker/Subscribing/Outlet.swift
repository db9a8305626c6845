// Where a subscriber's bytes go: a connection, or a test. Called on the loop, from within the broker's calls.

import RelayProtocol

/// Takes bytes, and calls the broker for nothing from within.
public protocol ByteSink: AnyObject {
    /// Takes what it can of both parts, in order, and keeps nothing of the rest. When it took less than all, `Broker.canSend` follows.
    /// Nil: it is closed and takes no more.
    func offer(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int?
}

/// Hears how it goes with a subscriber. It may leave from within a call, and calls the broker for anything else in a later one.
public protocol Outlet: AnyObject {
    /// Where bytes go. The same for as long as it subscribes.
    var sink: any ByteSink { get }
    /// The subscribe was judged: open the stream. Frames follow.
    func subscriberStarts()
    /// The subscribe cannot be served, or not be gone on with. Where it is not over, control frames can be sent still, and an end.
    func subscriberFails(_ problem: Problem)
    /// The last frame was taken (`Broker.finish`).
    func subscriberFinishes()
}

extension Outlet where Self: ByteSink {
    public var sink: any ByteSink { self }
}
