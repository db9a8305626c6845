// One request and what comes of it: where it stands, and whom to tell. It ends once: answered, failed or given up.

import Wire

final class HTTPExchange {
    /// Whom to tell. Let go of when the exchange is over.
    struct Listener {
        var onHead: (HTTPResponseHead) -> Void
        var onBody: (Span<UInt8>) -> Void
        var onEnd: (HTTPClientError?) -> Void
    }

    enum Kind {
        /// Waits for its turn among the client's connections.
        case request
        /// Lasts, so it has a connection of its own.
        case stream
    }

    let kind: Kind
    let method: String
    let isIdempotent: Bool
    let bytes: [UInt8]
    let bodyLimit: Int

    /// Some of the request was handed to the kernel: nobody can say any more that it did not arrive.
    var mayHaveArrived = false
    /// A byte of the response came.
    var hasAnswerBegun = false
    var wasTriedAgain = false
    var isPaused = false
    /// Counts among the client's connections.
    var holdsSlot = false
    var connector: Connector?
    var carrier: HTTPClientConnection?

    private let loop: EventLoop
    private var deadline: TimerToken?
    private var listener: Listener?
    private weak var client: HTTPClient?

    init(kind: Kind, request: HTTPRequest, bodyLimit: Int, client: HTTPClient, listener: Listener) {
        self.kind = kind
        method = request.method
        isIdempotent = request.isIdempotent
        bytes = request.encoded(for: client.origin)
        self.bodyLimit = bodyLimit
        self.client = client
        loop = client.loop
        self.listener = listener
    }

    var isOver: Bool { listener == nil }

    /// A connection that was idle can have died before the request came: then nothing was done, or doing it again is the same.
    var mayBeTriedAgain: Bool {
        !isOver && !wasTriedAgain && !hasAnswerBegun && (isIdempotent || !mayHaveArrived) && client != nil
    }

    func tryAgain() {
        wasTriedAgain = true
        carrier = nil
        client?.connect(self)
    }

    /// Until the end of a request, until the head of a stream.
    func limit(to timeout: Duration) {
        deadline = loop.schedule(after: timeout) { [unowned self] in
            deadline = nil
            fail(.timedOut)
        }
    }

    func head(_ head: HTTPResponseHead) {
        if kind == .stream { removeLimit() }
        listener?.onHead(head)
    }

    func body(_ bytes: [UInt8]) { listener?.onBody(bytes.span) }

    func fail(_ reason: HTTPClientError.Reason) {
        end(HTTPClientError(reason, mayHaveArrived: mayHaveArrived))
    }

    func succeed() { end(nil) }

    /// Ends without telling.
    func giveUp() {
        listener = nil
        release()
    }

    private func end(_ error: HTTPClientError?) {
        let told = listener
        giveUp()
        told?.onEnd(error)
    }

    /// What is under way for nothing is cut off: a connection inside an exchange is of no use for another.
    private func release() {
        removeLimit()
        connector?.cancel()
        carrier?.abandon(self)
        (connector, carrier) = (nil, nil)
        client?.ended(self)
    }

    private func removeLimit() {
        if let deadline { loop.cancel(deadline) }
        deadline = nil
    }
}
