// A connection that a subscriber reads from, by one of two transports.

import Broker
import Reactor
import RelayProtocol

protocol OpenStream: Outlet, ConnectionHandler {
    var number: UInt64 { get }
    /// Nil before it has subscribed, which is in the same turn.
    var subscriber: Subscriber? { get set }
    var connection: Connection { get }
    var watch: ReaderWatch { get set }
    /// The answer to a command that came this way.
    func replied(_ line: [UInt8])
    /// The server ends: after what was sent, this line, then goodbye.
    func goAway(_ line: [UInt8])
    /// Called with each heartbeat: what hindered it may be over.
    func goOn()
    /// Now.
    func cut()
}
