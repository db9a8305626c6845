// Server-sent events: a response without an end, one line a frame.

import Broker
import Reactor
import RelayProtocol
import Wire

final class EventStream: OpenStream {
    let number: UInt64
    var subscriber: Subscriber?
    var watch = ReaderWatch()
    let connection: Connection
    private unowned let owner: Subscriptions

    init(number: UInt64, connection: Connection, owner: Subscriptions) {
        self.number = number
        self.connection = connection
        self.owner = owner
        connection.handler = self
        if connection.isReadingPaused { connection.resumeReading() }
    }

    // As the broker's outlet.

    var sink: any ByteSink { connection }

    /// The body ends with the connection: chunks would be framing around framing.
    func subscriberStarts() {
        let headers: HTTPHeaders = [
            "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
            "X-Content-Type-Options": "nosniff", "Connection": "close",
        ]
        var output: [UInt8] = []
        HTTPResponseHead(status: 200, headers: headers).encoded(into: &output)
        connection.write(output)
    }

    func subscriberFails(_ problem: Problem) {
        guard let subscriber, subscriber.hasStarted else { return owner.refuse(self, .problem(problem)) }
        if subscriber.isOver { return cut() }
        connection.loop.atEndOfTurn { [weak self] in self?.end(ControlLine.error(problem)) }
    }

    private func end(_ line: [UInt8]) {
        guard let subscriber else { return }
        owner.broker.send(line, to: subscriber)
        owner.broker.finish(subscriber)
    }

    func subscriberFinishes() {
        connection.closeAfterFlush()
        owner.forget(self)
    }

    // As an open stream.

    func replied(_ line: [UInt8]) {}
    func goOn() {}

    func goAway(_ line: [UInt8]) { end(line) }

    /// So that the kernel does not keep for a while what nobody takes.
    func cut() {
        connection.reset()
        owner.forget(self)
    }

    // As the connection's owner. What a client sends behind its request is nobody's.

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {}

    func connectionDidEnd(_ connection: Connection) {
        connection.close()
        owner.forget(self)
    }

    func connectionDidClose(_ connection: Connection, error: SystemError?) { owner.forget(self) }
    func connectionCanWrite(_ connection: Connection) { owner.canSend(self) }
}
