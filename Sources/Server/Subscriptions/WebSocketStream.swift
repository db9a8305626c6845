// A WebSocket on the server's side: lines go out through the broker, commands come in, every close is reciprocated with its code.

import Broker
import Reactor
import RelayProtocol
import Sessions
import Wire

final class WebSocketStream: OpenStream, ConnectionHandler {
    /// Pongs and replies that a peer does not take: beyond, it is sent away.
    private static let waitingBytes = 256 << 10
    private static let closeTimeout = Duration.seconds(2)

    let number: UInt64
    var subscriber: Subscriber!
    private let connection: Connection
    private let offer: WebSocketOffer
    private let topic: TopicName
    private unowned let owner: Subscriptions
    private var decoder = WebSocketDecoder(role: .server, limits: WebSocketLimits(messageBytes: Limits.messageBytes))
    private var closing = WebSocketClosing(role: .server)
    private var stalledFor = Duration.zero
    private var endsAfterFlush = false

    init(number: UInt64, connection: Connection, offer: WebSocketOffer, topic: TopicName, owner: Subscriptions) {
        self.number = number
        self.connection = connection
        self.offer = offer
        self.topic = topic
        self.owner = owner
    }

    /// What came behind the handshake's request is the first frames.
    func begin(_ remainder: [UInt8]) {
        connection.handler = self
        if connection.isReadingPaused { connection.resumeReading() }
        if !remainder.isEmpty { received(remainder.span) }
    }

    // As the broker's outlet.

    func offer(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int? { connection.taken(first, second) }

    func subscriberStarts() {
        var output: [UInt8] = []
        offer.response(subprotocol: offer.choose(from: ["reprise.v1"])).encoded(into: &output)
        connection.write(output)
    }

    func subscriberFails(_ problem: Problem) {
        guard subscriber.hasStarted else {
            connection.answerAndClose(.problem(problem))
            return owner.forget(self)
        }
        carryOut(closing.close(code: WebSocketCloseCode.internalError))
    }

    /// All that was to be said is out, a close frame last.
    func subscriberFinishes() {
        guard endsAfterFlush else { return }
        connection.closeAfterFlush()
        owner.forget(self)
    }

    func stalled(for duration: Duration) {
        stalledFor += duration
        if stalledFor >= .seconds(Limits.stalledSeconds) { cut() }
    }

    func moved() { stalledFor = .zero }
    func goAway() { carryOut(closing.close(code: WebSocketCloseCode.goingAway)) }

    func cut() {
        connection.close()
        owner.forget(self)
    }

    // As the connection's owner.

    func connection(_ connection: Connection, received bytes: Span<UInt8>) { received(bytes) }
    func connectionDidClose(_ connection: Connection, error: SystemError?) { owner.forget(self) }

    func connectionDidEnd(_ connection: Connection) {
        _ = closing.endOfStream()
        connection.closeAfterFlush()
        owner.forget(self)
    }

    func connectionCanWrite(_ connection: Connection) {
        owner.broker.canSend(subscriber)
        owner.turn()
    }

    private func received(_ bytes: Span<UInt8>) {
        decoder.receive(bytes)
        while connection.isOpen, !endsAfterFlush {
            switch decoder.next() {
            case .needMore: return owner.turn()
            case .text(let text): command(text)
            case .binary: carryOut(closing.failed(code: WebSocketCloseCode.unsupportedData, reason: "binary messages are not spoken here"))
            case .ping(let payload): pong(payload)
            case .pong: break
            case .close(let code, _): carryOut(closing.receivedClose(code: code))
            case .fail(let code, let reason): carryOut(closing.failed(code: code, reason: reason))
            }
        }
        owner.turn()
    }

    private func pong(_ payload: [UInt8]) {
        var frame: [UInt8] = []
        WebSocketEncoder.append(pong: payload, to: &frame)
        owner.broker.send(frame: frame, to: subscriber)
        limitWaiting()
    }

    private func limitWaiting() {
        if subscriber.waitingControlBytes > Self.waitingBytes { cut() }
    }

    private func command(_ text: [UInt8]) {
        do throws(ClientCommand.Refusal) {
            let command = try ClientCommand.parse(text)
            guard topic.kind == .session else {
                let problem = Problem(.badRequest, "this topic takes no commands")
                return owner.broker.send(ControlLine.reply(id: command.id.text, error: problem), to: subscriber)
            }
            let reply = owner.reply(to: number)
            owner.owner.services.desk.submit(CommandRequest(command, session: topic.text, by: "owner")) { result in
                switch result {
                case .failure(let problem): reply(ControlLine.reply(id: command.id.text, error: problem))
                case .success(let answer):
                    reply(answer.problem.map { ControlLine.reply(id: answer.id, error: $0) } ?? ControlLine.reply(id: answer.id, result: answer.json))
                }
            }
        } catch { owner.broker.send(error.line, to: subscriber) }
        limitWaiting()
    }

    private func carryOut(_ action: WebSocketClosing.Action) {
        switch action {
        case .nothing, .awaitEnd: break
        case .send(let code, let reason), .sendThenAwaitEnd(let code, let reason):
            sendClose(code, reason)
            owner.owner.loop.schedule(after: Self.closeTimeout) { [weak self] in self?.carryOutTimeout() }
        case .sendThenDisconnect(let code, let reason):
            sendClose(code, reason)
            endsAfterFlush = true
            if subscriber.hasStarted { owner.broker.finish(subscriber) } else { cut() }
        case .disconnect:
            endsAfterFlush = true
            connection.closeAfterFlush()
            owner.forget(self)
        }
        owner.turn()
    }

    private func carryOutTimeout() {
        if connection.isOpen { carryOut(closing.timedOut()) }
    }

    private func sendClose(_ code: UInt16?, _ reason: String) {
        var frame: [UInt8] = []
        WebSocketEncoder.appendClose(code: code, reason: reason, to: &frame)
        owner.broker.send(frame: frame, to: subscriber)
    }
}
