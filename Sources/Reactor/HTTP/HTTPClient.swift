// An HTTP/1.1 client for one server, on a loop. It keeps connections alive and gives each request one of at most
// `maxConnections`, or a place in the queue; streams have a connection of their own. A request that an idle connection lost
// before a byte of an answer came is sent once more, if that cannot do anything twice. No redirects, no pipelining.
//
// Nothing is told from inside a call that the owner makes.

import Wire

public final class HTTPClient {
    public let loop: EventLoop
    public let origin: HTTPOrigin

    private let maxConnections: Int
    private let connectTimeout: Duration
    private let idleTimeout: Duration
    private var idle: [HTTPClientConnection] = []
    private var slotsInUse = 0
    private var waiting: [HTTPExchange] = []
    private var requests: [UInt64: HTTPExchange] = [:]
    private var lastNumber: UInt64 = 0

    /// - Parameter idleTimeout: how long a connection is kept for the next request.
    public init(
        loop: EventLoop, origin: HTTPOrigin, maxConnections: Int = 6, connectTimeout: Duration = .seconds(10),
        idleTimeout: Duration = .seconds(30)
    ) {
        precondition(maxConnections > 0)
        self.loop = loop
        self.origin = origin
        self.maxConnections = maxConnections
        self.connectTimeout = connectTimeout
        self.idleTimeout = idleTimeout
    }

    /// Answered exchanges go on without the client; what waits for a connection fails.
    deinit {
        let (idle, waiting) = (idle, waiting)
        loop.atEndOfTurn {
            for connection in idle { connection.close() }
            for exchange in waiting { exchange.fail(.clientGone) }
        }
    }

    /// - Parameters:
    ///   - timeout: for all of it, from this call to the last byte.
    ///   - maxBodyBytes: a longer body is a failure (`too_large`).
    ///   - done: called once, unless the request is cancelled.
    @discardableResult
    public func request(
        _ request: HTTPRequest, timeout: Duration, maxBodyBytes: Int, _ done: @escaping (Result<HTTPResponse, HTTPClientError>) -> Void
    ) -> RequestToken {
        lastNumber += 1
        let token = RequestToken(number: lastNumber)
        let collector = HTTPBodyCollector { [weak self] result in
            self?.requests[token.number] = nil
            done(result)
        }
        let exchange = HTTPExchange(kind: .request, request: request, bodyLimit: maxBodyBytes, client: self, listener: collector.listener)
        requests[token.number] = exchange
        exchange.limit(to: timeout)
        dispatch(exchange)
        return token
    }

    /// `done` will not be called. The connection is closed: its answer may be under way.
    public func cancel(_ token: RequestToken) {
        requests.removeValue(forKey: token.number)?.giveUp()
    }

    /// - Parameters:
    ///   - headTimeout: until the response's head; after that a stream may last and be silent.
    ///   - onBody: the bytes are valid during the call.
    ///   - onEnd: called once, unless the stream is cancelled; nil where the response is complete.
    public func stream(
        _ request: HTTPRequest, headTimeout: Duration = .seconds(30), onHead: @escaping (HTTPResponseHead) -> Void,
        onBody: @escaping (Span<UInt8>) -> Void, onEnd: @escaping (HTTPClientError?) -> Void
    ) -> HTTPStream {
        let listener = HTTPExchange.Listener(onHead: onHead, onBody: onBody, onEnd: onEnd)
        let exchange = HTTPExchange(kind: .stream, request: request, bodyLimit: .max, client: self, listener: listener)
        exchange.limit(to: headTimeout)
        connect(exchange)
        return HTTPStream(exchange)
    }
}

// Connections and their queue.
extension HTTPClient {
    private func dispatch(_ exchange: HTTPExchange) {
        guard slotsInUse < maxConnections else { return waiting.append(exchange) }
        slotsInUse += 1
        exchange.holdsSlot = true
        while let connection = idle.popLast() {
            if connection.isOpen { return connection.start(exchange) }
        }
        connect(exchange)
    }

    func connect(_ exchange: HTTPExchange) {
        exchange.connector = Connector(loop: loop, host: origin.host, port: origin.port, timeout: connectTimeout) {
            [weak self] result in
            exchange.connector = nil
            switch result {
            case .success(let connection): HTTPClientConnection(connection, client: self).start(exchange)
            case .failure(let error): exchange.fail(.connect(error))
            }
        }
    }

    func keep(_ connection: HTTPClientConnection) {
        guard idle.count < maxConnections else { return connection.close() }
        idle.append(connection)
        connection.idle(for: idleTimeout)
    }

    private func failWaiting() {
        let failed = waiting
        waiting = []
        for exchange in failed { exchange.fail(.clientGone) }
    }

    func forget(_ connection: HTTPClientConnection) {
        idle.removeAll { $0 === connection }
    }

    func ended(_ exchange: HTTPExchange) {
        guard exchange.holdsSlot else { return }
        exchange.holdsSlot = false
        slotsInUse -= 1
        // The next one after what is told now, so that a callback's view is not of a half-done change.
        loop.atEndOfTurn { [weak self] in self?.startWaiting() }
    }

    private func startWaiting() {
        waiting.removeAll(where: \.isOver)
        if loop.isStopping { return failWaiting() }
        while slotsInUse < maxConnections, !waiting.isEmpty { dispatch(waiting.removeFirst()) }
    }
}
