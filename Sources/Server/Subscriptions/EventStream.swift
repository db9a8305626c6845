// Server-sent events: a response without an end, one line a frame.

import Broker
import Reactor
import RelayProtocol
import Wire

final class EventStream: OpenStream, ConnectionHandler {
    let number: UInt64
    var subscriber: Subscriber!
    private let connection: Connection
    private unowned let owner: Subscriptions
    private var stalledFor = Duration.zero

    init(number: UInt64, connection: Connection, owner: Subscriptions) {
        self.number = number
        self.connection = connection
        self.owner = owner
        connection.handler = self
        if connection.isReadingPaused { connection.resumeReading() }
    }

    // As the broker's outlet.

    func offer(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int? { connection.taken(first, second) }

    func subscriberStarts() {
        let head = HTTPResponseHead(status: 200, headers: [
            "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no", "connection": "close",
            "x-content-type-options": "nosniff",
        ])
        var output: [UInt8] = []
        head.encoded(into: &output)
        connection.write(output)
    }

    func subscriberFails(_ problem: Problem) {
        if subscriber.hasStarted { connection.close() } else { connection.answerAndClose(.problem(problem)) }
        owner.forget(self)
    }

    func subscriberFinishes() {
        connection.closeAfterFlush()
        owner.forget(self)
    }

    func stalled(for duration: Duration) {
        stalledFor += duration
        if stalledFor >= .seconds(Limits.stalledSeconds) { cut() }
    }

    func moved() { stalledFor = .zero }
    func goAway() { owner.broker.finish(subscriber) }

    func cut() {
        connection.close()
        owner.forget(self)
    }

    // As the connection's owner.

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {}
    func connectionDidEnd(_ connection: Connection) { cut() }
    func connectionDidClose(_ connection: Connection, error: SystemError?) { owner.forget(self) }

    func connectionCanWrite(_ connection: Connection) {
        owner.broker.canSend(subscriber)
        owner.turn()
    }
}

extension Connection {
    /// As an outlet answers: how much was taken, nil when closed.
    func taken(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int? {
        switch send(first, second) {
        case .sent(let count): count
        case .wouldBlock: 0
        case .closed: nil
        }
    }
}
