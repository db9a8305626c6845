// A WebSocket on the server's side: lines go out through the broker, commands come in, every close is reciprocated with its code. Idle, it
// holds no decoder and no buffer.

import Broker
import Reactor
import RelayProtocol
import Sessions
import Wire

final class WebSocketStream: OpenStream {
    /// Pongs and replies that a peer does not take: beyond, nothing more is read from it.
    private static let waitingBytes = 64 << 10
    /// Commands under way at once: beyond, nothing more is read.
    private static let commandsUnderWay: UInt16 = 32
    private static let closeTimeout = Duration.seconds(4)

    /// What is needed only while something comes in.
    private final class Input {
        var decoder = WebSocketDecoder(role: .server, limits: WebSocketLimits(messageBytes: Limits.messageBytes))
    }

    let number: UInt64
    var subscriber: Subscriber?
    var stalledBeats: UInt8 = 0
    private let connection: Connection
    private unowned let owner: Subscriptions
    /// Nil once the handshake is answered.
    private var opening: [UInt8]?
    private var input: Input?
    private var closing = WebSocketClosing(role: .server)
    private var commands: UInt16 = 0
    private var endsAfterFlush = false

    init(number: UInt64, connection: Connection, offer: WebSocketOffer, owner: Subscriptions) {
        self.number = number
        self.connection = connection
        self.owner = owner
        var opening: [UInt8] = []
        offer.response(subprotocol: offer.choose(from: [ControlLine.subprotocol])).encoded(into: &opening)
        self.opening = opening
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
        if let opening { connection.write(opening) }
        opening = nil
    }

    func subscriberFails(_ problem: Problem) {
        guard subscriber?.hasStarted == true else {
            connection.answerAndClose(.problem(problem))
            return owner.forget(self)
        }
        // The broker sends nothing more. In the middle of a frame a close frame would be read as part of it.
        cut()
    }

    /// All that was to be said is out, a close frame last.
    func subscriberFinishes() {
        if endsAfterFlush { end() }
    }

    // As an open stream.

    func replied(_ line: [UInt8]) {
        if let subscriber { owner.broker.send(line, to: subscriber) }
        commands -= 1
        limitInput()
    }

    func goAway() { carryOut(closing.close(code: WebSocketCloseCode.goingAway)) }

    /// So that the kernel does not keep for a while what nobody takes.
    func cut() {
        connection.reset()
        owner.forget(self)
    }

    private func end() {
        connection.closeAfterFlush()
        owner.forget(self)
    }

    // As the connection's owner.

    func connection(_ connection: Connection, received bytes: Span<UInt8>) { received(bytes) }
    func connectionDidClose(_ connection: Connection, error: SystemError?) { owner.forget(self) }

    func connectionDidEnd(_ connection: Connection) {
        _ = closing.endOfStream()
        end()
    }

    func connectionCanWrite(_ connection: Connection) {
        owner.canSend(self)
        limitInput()
    }

    private func received(_ bytes: Span<UInt8>) {
        let input = self.input ?? Input()
        self.input = input
        input.decoder.receive(bytes)
        read(input)
        if input.decoder.isIdle { self.input = nil }
        owner.turn()
    }

    private func read(_ input: Input) {
        while connection.isOpen, !endsAfterFlush {
            switch input.decoder.next() {
            case .needMore: return limitInput()
            case .text(let text): command(text)
            case .binary: carryOut(closing.failed(code: WebSocketCloseCode.unsupportedData, reason: "binary messages are not spoken here"))
            case .ping(let payload): pong(payload)
            case .pong: break
            case .close(let code, _): carryOut(closing.receivedClose(code: code))
            case .fail(let code, let reason): carryOut(closing.failed(code: code, reason: reason))
            }
        }
    }

    /// A peer that asks faster than it reads the answers is not read from.
    private func limitInput() {
        let isFull = commands >= Self.commandsUnderWay || (subscriber?.waitingControlBytes ?? 0) > Self.waitingBytes
        if isFull, !connection.isReadingPaused { connection.pauseReading() }
        if !isFull, connection.isReadingPaused { connection.resumeReading() }
    }

    private func pong(_ payload: [UInt8]) {
        var frame: [UInt8] = []
        WebSocketEncoder.append(pong: payload, to: &frame)
        send(frame)
    }

    private func send(_ frame: [UInt8]) {
        if let subscriber { owner.broker.send(frame: frame, to: subscriber) }
    }

    private func command(_ text: [UInt8]) {
        guard let subscriber else { return }
        do throws(ClientCommand.Refusal) {
            let command = try ClientCommand.parse(text)
            guard let topic = subscriber.topic, topic.kind == .session else {
                let problem = Problem(.badRequest, "this topic takes no commands")
                return owner.broker.send(ControlLine.reply(id: command.id.text, error: problem), to: subscriber)
            }
            commands += 1
            owner.submit(command, to: topic.text, from: number)
        } catch { owner.broker.send(error.line, to: subscriber) }
    }

    // Closing.

    private func carryOut(_ action: WebSocketClosing.Action) {
        switch action {
        case .nothing, .awaitEnd: break
        case .send(let code, let reason), .sendThenAwaitEnd(let code, let reason): sayClose(code, reason)
        case .sendThenDisconnect(let code, let reason):
            endsAfterFlush = true
            sayClose(code, reason)
        case .disconnect: end()
        }
        owner.turn()
    }

    /// After a close frame nothing else is sent; a peer that does not take it, or does not answer it, is not waited for.
    private func sayClose(_ code: UInt16?, _ reason: String) {
        guard let subscriber, subscriber.hasStarted else { return cut() }
        var frame: [UInt8] = []
        WebSocketEncoder.appendClose(code: code, reason: reason, to: &frame)
        owner.broker.send(frame: frame, to: subscriber)
        owner.broker.finish(subscriber)
        owner.owner.loop.schedule(after: Self.closeTimeout) { [weak self] in
            guard let self, connection.isOpen else { return }
            if case .disconnect = closing.timedOut() { end() } else { cut() }
        }
    }
}
