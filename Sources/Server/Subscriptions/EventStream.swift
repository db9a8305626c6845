// Server-sent events: a response without an end, one line a frame.

import Broker
import Reactor
import RelayProtocol
import Wire

final class EventStream: OpenStream {
    let number: UInt64
    var subscriber: Subscriber?
    var stalledBeats: UInt8 = 0
    private let connection: Connection
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
        if subscriber?.hasStarted == true { return cut() }
        connection.answerAndClose(.problem(problem))
        owner.forget(self)
    }

    func subscriberFinishes() {
        connection.closeAfterFlush()
        owner.forget(self)
    }

    // As an open stream.

    func replied(_ line: [UInt8]) {}

    func goAway() {
        guard let subscriber else { return }
        owner.broker.finish(subscriber)
    }

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
