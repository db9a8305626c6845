// A WebSocket on the server's side, whatever is spoken over it: frames are decoded, pings answered, every close reciprocated with its code,
// and a peer that asks faster than it reads is not read from. Idle, it holds no decoder and no buffer. A subclass says what messages mean,
// and how a frame goes out between others.

import Reactor
import Wire

open class WebSocketConnection: ConnectionHandler {
    /// How long a peer may take to answer a close.
    private static let closeTimeout = Duration.seconds(4)

    /// What is needed only while something comes in.
    private final class Input {
        var decoder: WebSocketDecoder

        init(messageBytes: Int) { decoder = WebSocketDecoder(role: .server, limits: WebSocketLimits(messageBytes: messageBytes)) }
    }

    public let connection: Connection
    private let messageBytes: Int
    private var input: Input?
    private var closing = WebSocketClosing(role: .server)
    private var endsAfterLastFrame = false

    /// - Parameter messageBytes: a longer message is answered with close code 1009.
    public init(_ connection: Connection, messageBytes: Int) {
        self.connection = connection
        self.messageBytes = messageBytes
    }

    /// Takes the connection over. `remainder` came behind the handshake's request: the first frames.
    public func begin(_ remainder: [UInt8]) {
        connection.handler = self
        if remainder.isEmpty { limitInput() } else { read(remainder.span) }
    }

    // What a subclass says.

    open func received(text: [UInt8]) {}

    open func received(binary: [UInt8]) {
        fail(code: WebSocketCloseCode.unsupportedData, reason: "binary messages are not spoken here")
    }

    /// Sends a frame behind the one that is on its way.
    open func send(frame: [UInt8]) { connection.write(frame) }

    /// Sends a frame and nothing after it; `lastFrameIsOut` is called then. False where nothing can be said.
    open func send(lastFrame frame: [UInt8]) -> Bool {
        connection.write(frame)
        lastFrameIsOut()
        return true
    }

    /// Whether so much waits to be done or to go out that nothing more is read, not even what has come.
    open var isFull: Bool { connection.unsentBytes > 1 << 20 }

    /// The kernel takes bytes again.
    open func canWrite() {}

    /// All of what came was read.
    open func inputHandled() {}

    /// The connection is over. May be called more than once.
    open func isGone() {}

    // Closing.

    /// Says goodbye, and waits for the answer for a while.
    public func close(code: UInt16) { carryOut(closing.close(code: code)) }

    /// The peer is wrong: it is told, and not waited for.
    public func fail(code: UInt16, reason: String) { carryOut(closing.failed(code: code, reason: reason)) }

    public func lastFrameIsOut() {
        if endsAfterLastFrame { end() }
    }

    /// Now, so that the kernel does not keep for a while what nobody takes.
    public func cut() {
        connection.reset()
        isGone()
    }

    private func end() {
        connection.closeAfterFlush()
        isGone()
    }

    private func carryOut(_ action: WebSocketClosing.Action) {
        switch action {
        case .nothing, .awaitEnd: break
        case .send(let code, let reason), .sendThenAwaitEnd(let code, let reason): sayClose(code, reason)
        case .sendThenDisconnect(let code, let reason):
            endsAfterLastFrame = true
            sayClose(code, reason)
        case .disconnect: end()
        }
        inputHandled()
    }

    private func sayClose(_ code: UInt16?, _ reason: String) {
        var frame: [UInt8] = []
        WebSocketEncoder.appendClose(code: code, reason: reason, to: &frame)
        guard send(lastFrame: frame) else { return cut() }
        guard connection.isOpen else { return }
        connection.loop.schedule(after: Self.closeTimeout) { [weak self] in
            guard let self, connection.isOpen else { return }
            if case .disconnect = closing.timedOut() { end() } else { cut() }
        }
    }

    // As the connection's owner.

    public func connection(_ connection: Connection, received bytes: Span<UInt8>) { read(bytes) }
    public func connectionDidClose(_ connection: Connection, error: SystemError?) { isGone() }

    public func connectionDidEnd(_ connection: Connection) {
        _ = closing.endOfStream()
        end()
    }

    public func connectionCanWrite(_ connection: Connection) {
        canWrite()
        limitInput()
    }

    private func read(_ bytes: Span<UInt8>) {
        let input = self.input ?? Input(messageBytes: messageBytes)
        self.input = input
        input.decoder.receive(bytes)
        limitInput()
        inputHandled()
    }

    /// Reads what has come, and lets more come; not from a peer that asks faster than it reads the answers.
    public func limitInput() {
        if let input {
            read(input)
            if input.decoder.isIdle { self.input = nil }
        }
        if isFull, !connection.isReadingPaused { connection.pauseReading() }
        if !isFull, connection.isReadingPaused { connection.resumeReading() }
    }

    private func read(_ input: Input) {
        while connection.isOpen, !endsAfterLastFrame, !isFull {
            switch input.decoder.next() {
            case .needMore: return
            case .text(let text): received(text: text)
            case .binary(let bytes): received(binary: bytes)
            case .ping(let payload): pong(payload)
            case .pong: break
            case .close(let code, _): carryOut(closing.receivedClose(code: code))
            case .fail(let code, let reason): fail(code: code, reason: reason)
            }
        }
    }

    private func pong(_ payload: [UInt8]) {
        var frame: [UInt8] = []
        WebSocketEncoder.append(pong: payload, to: &frame)
        send(frame: frame)
    }
}
