// A connection that a subscriber reads from, in one of two clothes.

import Broker
import Reactor

protocol OpenStream: Outlet {
    var number: UInt64 { get }
    var subscriber: Subscriber! { get set }
    /// It has taken no byte for so long.
    func stalled(for duration: Duration)
    func moved()
    /// The server ends: after what was sent, goodbye.
    func goAway()
    /// Now.
    func cut()
}
