// One connection as HTTP/1.1: requests come, one at a time, answers go. Routes that stay open take the TCP connection over; from then on this
// object is gone. What decides about bytes is Wire's decoder; this class carries out.

import Reactor
import RelayProtocol
import Wire

final class HTTPConnection: ConnectionHandler {
    private enum Phase {
        /// Nothing of the next request came.
        case idle
        case head
        case body(HTTPRequestHead, Route)
        case answering(HTTPRequestHead)
        case over
    }

    /// Answers that a peer does not take: beyond, nothing more is read of it.
    private static let unsentBytes = 256 << 10

    let number: UInt64
    private(set) var isHandedOver = false
    private unowned let owner: ServerLoop
    private let connection: Connection
    private var decoder = HTTPRequestDecoder()
    private var phase = Phase.idle
    /// Where the last head that was let in led, for a client that asks the same again.
    private var lastRoute: Route?
    private var body: [UInt8] = []
    private var request: UInt64 = 0
    /// When what is awaited is too late; nil while nothing is.
    private var deadline: Instant?
    /// Fires at the deadline or before it: a request moves the deadline three times, and should not move a timer each time.
    private var timer: (token: TimerToken, time: Instant)?
    private var closesAfterAnswer = false
    private var isReading = false
    /// The client has ended its side: what it asked before is answered still.
    private var hasPeerEnded = false
    /// Since when the rest of a body is waited for.
    private var bodyWait: Instant?
    /// What of the last answer was not taken yet when its time began.
    private var unsentBefore = 0
    /// The page that is read or waited for on behalf of the request that is being answered.
    weak var page: PageWait?

    init(number: UInt64, connection: Connection, owner: ServerLoop) {
        self.number = number
        self.connection = connection
        self.owner = owner
        connection.handler = self
        setTimer(owner.options.headTimeout)
    }

    // What comes.

    func connection(_ connection: Connection, received bytes: Span<UInt8>) {
        if case .over = phase { return }
        decoder.receive(bytes)
        read()
    }

    private func read() {
        // An answer that is given at once, from within, goes on here and not deeper: a peer may send thousands of bad requests.
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        while true {
            if case .answering = phase { return limitPipeline() }
            if case .over = phase { return }
            if connection.unsentBytes > Self.unsentBytes { return connection.pauseReading() }
            if case .idle = phase, decoder.bufferedBytes > 0 { beginHead() }
            switch decoder.next() {
            case .needMore: return awaitMore()
            case .head(let head): begin(head)
            case .body(let bytes): if body.isEmpty { body = bytes } else { body += bytes }
            case .end: complete()
            case .refuse(let refusal): refuse(refusal)
            }
        }
    }

    private func beginHead() {
        phase = .head
        setTimer(owner.options.headTimeout)
    }

    private func awaitMore() {
        if hasPeerEnded { return end() }
        guard case .body(let head, _) = phase, bodyWait == nil else { return }
        // Not before the decoder has looked at its length, and not for one that has begun.
        if head.expectsContinue, body.isEmpty { connection.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        bodyWait = owner.loop.now
        setTimer(owner.options.bodyTimeout)
    }

    /// A client that pipelines is read on only when its answer is out.
    private func limitPipeline() {
        if decoder.bufferedBytes > Limits.headBytes { connection.pauseReading() }
    }

    private func begin(_ head: HTTPRequestHead) {
        request += 1
        (body, bodyWait) = ([], nil)
        owner.figures.requests.add()
        let route: Route
        do throws(HTTPFault) { route = try admit(head) } catch {
            // What was refused may have a body that nobody wants to read.
            closesAfterAnswer = closesAfterAnswer || head.headers["content-length"] != nil || head.headers["transfer-encoding"] != nil
            phase = .answering(head)
            return answer(.problem(error.problem, headers: error.headers), to: request)
        }
        decoder.bodyLimit = route.bodyLimit
        phase = .body(head, route)
        // Whoever was to be told when to come back has been told.
        if owner.isDraining, route.staysOpen {
            closesAfterAnswer = true
            phase = .answering(head)
            return answer(.problem(Problem(.draining)), to: request)
        }
        if case .websocket(let target) = route, head.isUpgrade(to: "websocket") { return handOver(head, target) }
    }

    /// The route of a request that may be asked here, and by its sender.
    private func admit(_ head: HTTPRequestHead) throws(HTTPFault) -> Route {
        if decoder.isRepetition, let lastRoute { return lastRoute }
        lastRoute = nil
        try owner.access.checkPlace(head, localHost: connection.localAddress?.host)
        let route = try owner.access.route(head)
        lastRoute = route
        return route
    }

    private func complete() {
        guard case .body(let head, let route) = phase else { return }
        phase = .answering(head)
        deadline = nil
        if owner.isDraining { closesAfterAnswer = true }
        let responder = Responder(loop: owner.mailbox, connection: number, request: request)
        let incoming = Request(head: head, body: body, responder: responder, connection: self)
        body = []
        if case .events(let read) = route, read.isStream, head.method != "HEAD" { return handOver(read) }
        route.handle(incoming, owner)
        if hasPeerEnded { page?.giveUp() }
    }

    private func refuse(_ refusal: HTTPRefusal) {
        closesAfterAnswer = true
        let head: HTTPRequestHead
        switch phase {
        case .body(let known, _), .answering(let known): head = known
        case .idle, .head, .over:
            request += 1
            head = HTTPRequestHead(target: "/")
        }
        phase = .answering(head)
        answer(.problem(Problem(ProblemCode(status: refusal.status), refusal.detail), headers: refusal.headers), to: request)
    }

    // What goes.

    func answer(_ answer: HTTPAnswer, to request: UInt64) {
        guard request == self.request, case .answering(let head) = phase else { return }
        if answer.status >= 400 { owner.figures.refused.add() }
        let keepAlive = head.keepAlive && !closesAfterAnswer && !owner.isDraining
        var output: [UInt8] = []
        answer.encoded(isHead: head.method == "HEAD", keepAlive: keepAlive, into: &output)
        connection.write(output)
        guard keepAlive else { return end() }
        phase = .idle
        unsentBefore = connection.unsentBytes
        setTimer(owner.options.keepAliveTimeout)
        if connection.isReadingPaused { connection.resumeReading() }
        read()
    }

    func connectionCanWrite(_ connection: Connection) {
        if case .answering = phase { return }
        if connection.isReadingPaused { connection.resumeReading() }
        read()
    }

    // Handing over.

    // Who has ended its side has left a stream before it began; a stream would not be told of it any more.

    private func handOver(_ head: HTTPRequestHead, _ target: SubscriptionTarget) {
        if hasPeerEnded { return end() }
        let remainder = decoder.takeRemainder()
        leave()
        owner.subscriptions.openWebSocket(head: head, remainder: remainder, target: target, connection: connection)
    }

    private func handOver(_ read: EventsRead) {
        if hasPeerEnded { return end() }
        leave()
        owner.subscriptions.openEventStream(read.target, connection: connection)
    }

    private func leave() {
        isHandedOver = true
        phase = .over
        cancelTimer()
        owner.forget(self)
    }

    // The end.

    /// Nothing more is read; the answer that is due goes out first.
    func drain() {
        closesAfterAnswer = true
        if case .idle = phase { end() }
    }

    /// What was answered goes out still: until then a drain waits for this connection.
    func end() {
        if case .over = phase { return }
        phase = .over
        cancelTimer()
        page?.abandon()
        connection.closeAfterFlush()
        if connection.unsentBytes == 0 { owner.forget(self) }
    }

    func connectionDidEnd(_ connection: Connection) {
        hasPeerEnded = true
        if case .answering = phase { page?.giveUp() } else { read() }
    }

    func connectionDidClose(_ connection: Connection, error: SystemError?) {
        end()
        owner.forget(self)
    }

    private func setTimer(_ duration: Duration) {
        let time = owner.loop.now + duration
        deadline = time
        if timer.map({ $0.time > time }) ?? true { arm(time) }
    }

    private func arm(_ time: Instant) {
        if let timer { owner.loop.cancel(timer.token) }
        let token = owner.loop.schedule(after: time - owner.loop.now) { [unowned self] in timerFired() }
        timer = (token, time)
    }

    private func timerFired() {
        timer = nil
        guard let deadline else { return }
        if deadline <= owner.loop.now { timeIsUp() } else { arm(deadline) }
    }

    private func timeIsUp() {
        switch phase {
        // Whoever still takes the last answer has not fallen silent.
        case .idle where connection.unsentBytes > 0 && connection.unsentBytes < unsentBefore:
            unsentBefore = connection.unsentBytes
            setTimer(owner.options.keepAliveTimeout)
        case .idle: end()
        case .body where timeForBody > .zero: setTimer(timeForBody)
        case .head, .body: refuse(HTTPRefusal(status: 408, code: "request_timeout", detail: "the request came too slowly"))
        case .answering, .over: break
        }
    }

    /// What is left: whoever sends a byte now and then holds no connection for long.
    private var timeForBody: Duration {
        guard let bodyWait else { return .zero }
        let earned = Duration.seconds(Double(body.count) / Double(Limits.bodyBytesPerSecond))
        return bodyWait + owner.options.bodyTimeout + earned - owner.loop.now
    }

    private func cancelTimer() {
        if let timer { owner.loop.cancel(timer.token) }
        (timer, deadline) = (nil, nil)
    }
}
