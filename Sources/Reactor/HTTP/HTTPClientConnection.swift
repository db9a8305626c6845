// A connection of the client: one exchange at a time, and between two of them idle in the client's hands.

import Wire

final class HTTPClientConnection: ConnectionHandler {
    private let connection: Connection
    private weak var client: HTTPClient?
    private var decoder = HTTPResponseDecoder()
    private var exchange: HTTPExchange?
    private var isReused = false
    private var isKeptAlive = true
    private var peerHasEnded = false
    private var isReading = false
    private var idleTimer: TimerToken?

    init(_ connection: Connection, client: HTTPClient?) {
        self.connection = connection
        self.client = client
        connection.handler = self
    }

    var isOpen: Bool { connection.isOpen && !peerHasEnded }

    func start(_ exchange: HTTPExchange) {
        stopIdling()
        self.exchange = exchange
        exchange.carrier = self
        decoder.expect(method: exchange.method)
        connection.write(exchange.bytes)
        if connection.isOpen { exchange.mayHaveArrived = true }
    }

    func idle(for limit: Duration) {
        isReused = true
        idleTimer = connection.loop.schedule(after: limit) { [weak self] in self?.close() }
    }

    func close() {
        stopIdling()
        connection.close()
    }

    /// The exchange is over for its owner.
    func abandon(_ abandoned: HTTPExchange) {
        guard exchange === abandoned else { return }
        exchange = nil
        close()
    }

    func pause() { connection.pauseReading() }

    /// Goes on with what was decoded no further, then with the socket.
    func resume() {
        connection.loop.atEndOfTurn { [weak self] in
            guard let self, exchange?.isPaused == false else { return }
            connection.resumeReading()
            decode()
        }
    }

    private func stopIdling() {
        if let idleTimer { connection.loop.cancel(idleTimer) }
        idleTimer = nil
    }

    private func decode() {
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        while let exchange, !exchange.isPaused {
            switch peerHasEnded ? decoder.endOfStream() : decoder.next() {
            case .needMore: return
            case .head(let head): begin(exchange, head)
            case .body(let bytes): exchange.body(bytes)
            case .end: complete(exchange)
            case .fail(let failure): exchange.fail(.unreadable(failure))
            }
        }
    }

    private func begin(_ exchange: HTTPExchange, _ head: HTTPResponseHead) {
        // Nobody here asks for another protocol (RFC 9110, 15.2.2).
        if head.status == 101 { return exchange.fail(.unreadable(HTTPFailure(code: "unexpected", detail: "101 was not asked for"))) }
        isKeptAlive = head.keepAlive
        decoder.bodyLimit = exchange.bodyLimit
        exchange.head(head)
    }

    private func complete(_ exchange: HTTPExchange) {
        self.exchange = nil
        exchange.carrier = nil
        let isReusable = isOpen && isKeptAlive && decoder.isIdle && connection.unsentBytes == 0 && exchange.kind == .request
        if isReusable, let client { client.keep(self) } else { close() }
        exchange.succeed()
    }

    /// The connection is gone under an exchange.
    private func lost(_ exchange: HTTPExchange, _ error: SystemError?) {
        self.exchange = nil
        if isReused, exchange.mayBeTriedAgain { return exchange.tryAgain() }
        exchange.carrier = nil
        exchange.fail(.closed(error))
    }

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        guard let exchange else { return close() }
        exchange.hasAnswerBegun = true
        decoder.receive(bytes)
        decode()
    }

    func connectionDidEnd(_ connection: Connection) {
        peerHasEnded = true
        guard let exchange, exchange.hasAnswerBegun else { return close() }
        decode()
    }

    func connectionDidClose(_ connection: Connection, error: SystemError?) {
        stopIdling()
        client?.forget(self)
        if let exchange { lost(exchange, error) }
    }
}
