// placeholder until the subscriptions land
import Reactor
import Wire
final class Subscriptions {
    unowned let owner: ServerLoop
    init(_ owner: ServerLoop) { self.owner = owner }
    func openWebSocket(head: HTTPRequestHead, remainder: [UInt8], target: SubscriptionTarget, connection: Connection) {}
    func openEventStream(_ target: SubscriptionTarget, connection: Connection) {}
    func answerPage(_ read: EventsRead, _ responder: Responder) {}
    func drain(_ done: @escaping () -> Void) { done() }
}
