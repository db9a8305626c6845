// A subscriber on a WebSocket: lines go out through the broker, commands come in.

import Broker
import Reactor
import RelayProtocol
import Sessions
import Wire

final class WebSocketStream: WebSocketConnection, OpenStream {
    /// Pongs and replies that a peer does not take: beyond, nothing more is read from it.
    private static let waitingBytes = 64 << 10
    /// Commands under way at once: beyond, nothing more is read.
    private static let commandsUnderWay: UInt16 = 32

    let number: UInt64
    var subscriber: Subscriber?
    // Side by side they share a word: ten thousand of these wait for most of their life.
    var watch = ReaderWatch()
    private var commands: UInt16 = 0
    private unowned let owner: Subscriptions
    /// Nil once the handshake is answered.
    private var opening: [UInt8]?

    init(number: UInt64, connection: Connection, offer: WebSocketOffer, owner: Subscriptions) {
        self.number = number
        self.owner = owner
        var opening: [UInt8] = []
        offer.response(subprotocol: offer.choose(from: [ControlLine.subprotocol])).encoded(into: &opening)
        self.opening = opening
        super.init(connection, messageBytes: Limits.messageBytes)
    }

    // As the broker's outlet.

    var sink: any ByteSink { connection }

    func subscriberStarts() {
        if let opening { connection.write(opening) }
        opening = nil
        // What came before it was let in was kept. Not by a weak reference: the first one costs an object 48 bytes until it ends.
        if connection.isReadingPaused { connection.loop.atEndOfTurn { self.limitInput() } }
    }

    func subscriberFails(_ problem: Problem) {
        guard let subscriber, subscriber.hasStarted else { return owner.refuse(self, .problem(problem)) }
        // In the middle of a frame a close frame would be read as part of it.
        if subscriber.isOver { return cut() }
        connection.loop.atEndOfTurn { [weak self] in self?.fail(code: WebSocketCloseCode.internalError, reason: problem.code.rawValue) }
    }

    /// All that was to be said is out, a close frame last.
    func subscriberFinishes() { lastFrameIsOut() }

    // As an open stream.

    func replied(_ line: [UInt8]) {
        if let subscriber { owner.broker.send(line, to: subscriber) }
        commands -= 1
        limitInput()
    }

    func goOn() { limitInput() }

    func goAway(_ line: [UInt8]) {
        if let subscriber { owner.broker.send(line, to: subscriber) }
        close(code: WebSocketCloseCode.goingAway)
    }

    // As a WebSocket.

    /// Before the handshake is answered, too: whether there is what a command is for is being judged still.
    override var isFull: Bool {
        opening != nil || commands >= Self.commandsUnderWay || (subscriber?.waitingControlBytes ?? 0) > Self.waitingBytes
    }

    override func canWrite() { owner.canSend(self) }
    override func inputHandled() { owner.turn() }
    override func isGone() { owner.forget(self) }

    override func send(frame: [UInt8]) {
        if let subscriber { owner.broker.send(frame: frame, to: subscriber) }
    }

    override func send(lastFrame frame: [UInt8]) -> Bool {
        guard let subscriber, subscriber.hasStarted else { return false }
        owner.broker.send(frame: frame, to: subscriber)
        owner.broker.finish(subscriber)
        return true
    }

    override func received(text: [UInt8]) {
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
}
