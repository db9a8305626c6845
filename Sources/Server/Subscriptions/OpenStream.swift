// A connection that a subscriber reads from, in one of two clothes.

import Broker
import Reactor
import RelayProtocol

protocol OpenStream: Outlet, ConnectionHandler {
    var number: UInt64 { get }
    /// Nil before it has subscribed, which is in the same turn.
    var subscriber: Subscriber? { get set }
    /// Heartbeats in a row at which it owed and had not taken a byte.
    var stalledBeats: UInt8 { get set }
    /// The answer to a command that came this way.
    func replied(_ line: [UInt8])
    /// The server ends: after what was sent, goodbye.
    func goAway()
    /// Now.
    func cut()
}
